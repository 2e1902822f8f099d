using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A line of one's own for a session's history.</summary>
/// <param name="Type">What it is called: letters, digits, dots and hyphens; must not begin with <c>session.</c>.</param>
/// <param name="Category">One of lifecycle, connection, state, configuration, access, error.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Data">Further values, at most 4 KiB.</param>
public sealed record LogActivityRequest(
    [Required, RegularExpression("^(?!session\\.)[a-z0-9][a-z0-9.-]{0,59}$", ErrorMessage = "must be lower-case letters, digits, dots and hyphens, and must not begin with session.")] string Type,
    [Required, RegularExpression("^(lifecycle|connection|state|configuration|access|error)$", ErrorMessage = "must be lifecycle, connection, state, configuration, access or error.")] string Category,
    [Required, StringLength(500, MinimumLength = 1)] string Message, JsonElement? Data = null);

/// <summary>Lets people and their programs write into a session's history.</summary>
internal static class LogActivity
{
    private const int MostData = 4096;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/sessions/{id}/activity/log", HandleAsync).Needs(SessionsPermissions.Manage).Audited("session.activity.logged").Produces(204)
        .WithName("LogSessionActivity").WithTags("Activity").WithSummary("Write a line into a session's history");

    private static async Task<IResult> HandleAsync(SessionRef id, LogActivityRequest request, SessionShelf shelf, IEventLog events, CancellationToken ct)
    {
        var found = await shelf.FindToManageAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var data = request.Data?.GetRawText();
        if (data?.Length > MostData)
            return Failure.Field("data", "may have at most 4 KiB.").ToHttp();
        if (request.Message.Contains('\0', StringComparison.Ordinal) || data?.Contains("\\u0000", StringComparison.Ordinal) == true)
            return Failure.Field("message", "must not contain NUL.").ToHttp();
        await events.AppendAsync([new SessionActivityLogged(found.Value.Now(), request.Type, request.Category, request.Message, data)], ct);
        return TypedResults.NoContent();
    }
}
