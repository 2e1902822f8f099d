using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamSpace.Audit;

/// <summary>
/// The chain's arithmetic, a second time and independently of the database that writes it: recomputes every hash from what the
/// entries say now. Must agree with <c>audit.append</c> in Migrations/001_audit.sql.
/// </summary>
internal static class Chain
{
    /// <summary>What the very first day stands on.</summary>
    public static byte[] Root { get; } = SHA256.HashData("streamspace audit"u8);

    /// <summary>What a day's first entry stands on.</summary>
    public static byte[] Begin(ChainDay day)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(day.Previous);
        Frame(hash, day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of an entry that follows <paramref name="previous"/>.</summary>
    public static byte[] Next(byte[] previous, Entry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Frame(hash, Text(entry.Id));
        Frame(hash, Text((entry.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        Frame(hash, entry.Action);
        Frame(hash, entry.Actor?.ToString());
        Frame(hash, entry.ActorName);
        Frame(hash, entry.Resource);
        Frame(hash, entry.Result);
        Frame(hash, Text(entry.Status));
        Frame(hash, entry.Address);
        Frame(hash, entry.Agent);
        Frame(hash, entry.TraceId);
        Frame(hash, entry.Changes);
        Frame(hash, entry.Source is { } source ? Text(source) : null);
        return hash.GetHashAndReset();
    }

    // The length in front keeps "ab"+"c" and "a"+"bc" apart; a missing field differs from an empty one.
    private static void Frame(IncrementalHash hash, string? value)
    {
        if (value is null)
        {
            hash.AppendData("-;"u8);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        hash.AppendData(Encoding.ASCII.GetBytes(Text(bytes.Length) + ":"));
        hash.AppendData(bytes);
        hash.AppendData(";"u8);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
