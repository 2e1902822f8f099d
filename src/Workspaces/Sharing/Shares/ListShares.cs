using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>GET /sessions/{session}/shares: whom a session is shared with. Somebody it is shared with sees their own share alone.</summary>
internal static class ListShares
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/sessions/{session}/shares", HandleAsync).Needs(SharingPermissions.View).Produces<Page<ShareAnswer>>()
            .WithName("ListShares").WithTags("Sharing").WithSummary("List whom a session is shared with").WithDescription("Oldest first. Who sees the session by a share alone sees that share only.");

    internal static async Task<IResult> HandleAsync(
        SessionRef session, [AsParameters] PageQuery page, ICaller caller, ShareDesk desk, IUserDirectory people, SharingDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await desk.FindAsync(session, ct) is not { } sight)
            return ShareFailures.NoSession.ToHttp();
        var (id, now, me) = (sight.Session.Id, clock.GetUtcNow(), caller.UserId);
        var rows = db.Shares.AsNoTracking().Where(s => s.SessionId == id && (s.ExpiresAt == null || s.ExpiresAt > now));
        if (sight.ByShare)
            rows = rows.Where(s => s.UserId == me);
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var total = page.Cursor is null ? await rows.LongCountAsync(ct) : (long?)null;
        if (from.Value is { } cursor)
        {
            if (!ShareId.TryParse(cursor[0], CultureInfo.InvariantCulture, out var last))
                return Cursor.Foreign.ToHttp();
            rows = rows.Where(s => EF.Functions.GreaterThan(ValueTuple.Create(s.Id), ValueTuple.Create(last)));
        }

        var (found, next) = await rows.OrderBy(s => s.Id).SliceAsync(page, s => [s.Id.ToString()], ct);
        return TypedResults.Ok(new Page<ShareAnswer>(await people.AnswerAsync(found, ct), next, total));
    }
}
