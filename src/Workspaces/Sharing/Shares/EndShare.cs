using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>DELETE /sessions/{session}/shares/{share}: by who may share the session, or by the person it is shared with. What they have open through it is cut within a second.</summary>
internal static class EndShare
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/sessions/{session}/shares/{share}", HandleAsync).Needs(SharingPermissions.View).Audited("session.unshared").Produces(StatusCodes.Status204NoContent)
            .WithName("EndShare").WithTags("Sharing").WithSummary("End a share").WithDescription("Ends somebody's access, or leaves a session that is shared with the caller.");

    internal static async Task<IResult> HandleAsync(SessionRef session, ShareId share, ICaller caller, ShareDesk desk, ShareEnding ending, SharingDb db, AuditScope audit, CancellationToken ct)
    {
        if (await desk.FindAsync(session, ct) is not { } sight)
            return ShareFailures.NoSession.ToHttp();
        audit.Resource = $"session:{sight.Session.Id}";
        var id = sight.Session.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var found = await db.Shares.FromSql($"select * from sharing.shares where id = {share.Value} and session_id = {id.Value} for update").SingleOrDefaultAsync(ct);
        var own = found?.UserId == caller.UserId;
        if (!own && !(Share.MayShare(sight, caller.UserId) && caller.May(SharingPermissions.Share)))
            return sight.ByShare || found is null ? ShareFailures.Missing.ToHttp() : ShareFailures.NotYours.ToHttp();
        if (found is null)
            return ShareFailures.Missing.ToHttp();
        var names = await ending.EndAsync([found], own ? "left" : "revoked", ct);
        audit.Changed("user", names[0], null);
        audit.Changed("level", Levels.ToText(found.Level), null);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
