using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Viewers;

/// <summary>DELETE /sessions/{session}/viewers/{viewer}, and POST /sessions/{session}/disconnect for all of one's own. The event reaches the replica that holds the socket.</summary>
internal static class DropViewer
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/sessions/{session}/viewers/{viewer}", HandleAsync).Needs(StreamingPermissions.Drop).Audited("viewer.dropped")
            .WithSummary("Disconnect one viewer").WithTags("Viewers");
        api.MapPost("/sessions/{session}/disconnect", DisconnectAsync).Needs(StreamingPermissions.Open).Audited("viewer.disconnected")
            .WithSummary("Disconnect the caller's own viewers").WithTags("Viewers");
    }

    internal static async Task<IResult> HandleAsync(
        SessionRef session, ViewerId viewer, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, StreamingDb db, IEventLog events, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        if (await db.Viewers.AsNoTracking().FirstOrDefaultAsync(v => v.Id == viewer && v.SessionId == sight.Session.Id, ct) is not { } row)
            return Failure.Missing("viewer").ToHttp();
        if (!sight.Manages && row.UserId != caller.UserId)
            return new Failure(FailureKind.Denied, "NOT_ALLOWED", "Only the session's owner or an administrator may disconnect somebody else's viewer.").ToHttp();
        await events.AppendAsync([new ViewerDropped(row.SessionId, row.OwnerId, row.Id, row.UserId, Politely: false)], ct);
        return TypedResults.NoContent();
    }

    internal static async Task<IResult> DisconnectAsync(
        SessionRef session, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, StreamingDb db, IEventLog events, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        var own = await db.Viewers.AsNoTracking().Where(v => v.SessionId == sight.Session.Id && v.UserId == caller.UserId).ToListAsync(ct);
        await events.AppendAsync([.. own.Select(v => new ViewerDropped(v.SessionId, v.OwnerId, v.Id, v.UserId, Politely: true))], ct);
        return TypedResults.Ok(new Disconnected(own.Count));
    }

    /// <param name="Viewers">How many were connected.</param>
    public sealed record Disconnected(int Viewers);
}
