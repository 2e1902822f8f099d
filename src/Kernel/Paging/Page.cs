using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace StreamSpace.Kernel;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the asked order.</param>
/// <param name="NextCursor">Give it back as <c>?cursor=</c> for the next page; null at the end.</param>
/// <param name="Total">How many there are in all, where that is cheap to know.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long? Total = null);

/// <summary>Query parameters of every list; bind with <c>[AsParameters]</c>.</summary>
/// <param name="Limit">1 to 200; 50 when absent.</param>
/// <param name="Cursor">Opaque; from the page before.</param>
public sealed record PageQuery(
    [FromQuery(Name = "limit"), Range(1, 200)] int? Limit,
    [FromQuery(Name = "cursor"), MaxLength(512)] string? Cursor)
{
    /// <summary>How many items the caller wants.</summary>
    public int Size => Limit ?? 50;
}

/// <summary>Opaque cursors: the sort key and id of the last row, base64url.</summary>
public static class Cursor
{
    /// <summary>What is told of a cursor that no page of the list has given.</summary>
    public static readonly Failure Foreign = Failure.Field("cursor", "is not a cursor of this list; leave it out to start from the beginning.");

    /// <summary>Packs the last row's keys.</summary>
    public static string Write(params string[] parts) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('\u001f', parts))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Unpacks a cursor; a foreign or broken one is the caller's mistake.</summary>
    /// <param name="cursor">From the request; null for the first page.</param>
    /// <param name="parts">How many keys are expected.</param>
    public static Result<string[]?> Read(string? cursor, int parts)
    {
        if (string.IsNullOrEmpty(cursor))
            return (string[]?)null;
        try
        {
            var padded = cursor.Replace('-', '+').Replace('_', '/').PadRight((cursor.Length + 3) / 4 * 4, '=');
            var read = Encoding.UTF8.GetString(Convert.FromBase64String(padded)).Split('\u001f');
            if (read.Length == parts)
                return read;
        }
        catch (FormatException)
        {
            // Told below: a cursor is opaque, so there is nothing more exact to say.
        }

        return Foreign;
    }
}
