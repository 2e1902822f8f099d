using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Tickets;

namespace StreamSpace.Streaming.Viewers;

/// <summary>GET /sessions/{session}/viewers/{viewer}/policy: what passes for one's own viewer now. Its page asks once it is connected, and again when it is told of a change.</summary>
internal static class ShowViewerPolicy
{
    /// <param name="Level">What the viewer may do now.</param>
    /// <param name="Policy">What passes now.</param>
    public sealed record Response(AccessLevel Level, OpenViewer.Policy Policy);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/sessions/{session}/viewers/{viewer}/policy", HandleAsync).Needs(StreamingPermissions.Open)
        .WithSummary("What passes for one's own viewer now").WithTags("Viewers");

    internal static async Task<Results<Ok<Response>, FailureResult>> HandleAsync(
        SessionRef session, ViewerId viewer, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, IDataProtection protection, StreamingDb db, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        var (id, me) = (sight.Session.Id, caller.UserId);
        if (await db.Viewers.AsNoTracking().FirstOrDefaultAsync(v => v.Id == viewer && v.SessionId == id && v.UserId == me, ct) is not { } row || sight.Level is not { } own)
            return Failure.Missing("viewer").ToHttp();
        var level = own < row.Level ? own : row.Level;
        var policy = (await protection.FindAsync([sight.Session.SubjectFor(me)], ct))[0];
        return TypedResults.Ok(new Response(level, OpenViewer.PolicyOf(level, policy ?? StreamPolicy.Free)));
    }
}
