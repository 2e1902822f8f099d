using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Tickets;

namespace StreamSpace.Streaming.Thumbnails;

/// <summary>GET /sessions/{session}/thumbnail: a small picture of a running session, at most 30 s old; of a sleeping one the last there was.</summary>
internal static class ShowThumbnail
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/sessions/{session}/thumbnail", HandleAsync).Needs(StreamingPermissions.Open)
            .WithSummary("A small picture of a session's display (JPEG); 204 when there is none").WithTags("Viewers")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Produces(StatusCodes.Status204NoContent);

    internal static async Task<IResult> HandleAsync(
        SessionRef session, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, ThumbnailTaker taker, HttpContext context, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        if (sight.Level is null)
            return TicketRules.NotShared.ToHttp();
        if (!taker.Works || sight.Session.Phase is SessionPhase.Terminated)
            return TypedResults.NoContent();
        if (sight.Session.Phase == SessionPhase.Running)
            await taker.RefreshAsync(sight.Session.Id, Fresh).WaitAsync(ct);
        if (await taker.FindAsync(sight.Session.Id, ct) is not { } found)
            return TypedResults.NoContent();
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(found.Jpeg, "image/jpeg", entityTag: new($"\"{found.TakenAt.ToUnixTimeMilliseconds():x}\""));
    }
}
