using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>GET /teams/{team}/members, and PUT and DELETE of one. Each said twice does nothing the second time.</summary>
internal static class KeepMembers
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/teams/{team}/members", HandleAsync).Needs(TeamsPermissions.View).WithSummary("List who is in a team").WithDescription("Oldest account first.").WithTags("Teams");
        api.MapPut("/teams/{team}/members/{user}", AddAsync).Needs(TeamsPermissions.Manage).Audited("team.member.added")
            .WithSummary("Take a person into a team").WithDescription("Policies about the team are about them within a second, on streams that are open too.").WithTags("Teams");
        api.MapDelete("/teams/{team}/members/{user}", RemoveAsync).Needs(TeamsPermissions.Manage).Audited("team.member.removed")
            .WithSummary("Take a person out of a team").WithTags("Teams");
    }

    internal static async Task<Results<Ok<Page<MemberView>>, FailureResult>> HandleAsync(TeamId team, [AsParameters] PageQuery page, TeamsDb db, IUserDirectory people, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 1);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        if (!await db.Teams.AnyAsync(t => t.Id == team, ct))
            return TeamFailures.NoSuchTeam.ToHttp();
        var members = db.Members.AsNoTracking().Where(m => m.TeamId == team);
        var total = await members.LongCountAsync(ct);
        if (cursor.Value is [var text])
        {
            if (!UserId.TryParse(text, CultureInfo.InvariantCulture, out var last))
                return Cursor.Foreign.ToHttp();
            members = members.Where(m => EF.Functions.GreaterThan(ValueTuple.Create(m.UserId), ValueTuple.Create(last)));
        }

        var (found, next) = await members.OrderBy(m => m.UserId).SliceAsync(page, m => [m.UserId.ToString()], ct);
        var names = await people.FindAsync([.. found.Select(m => m.UserId)], ct);
        return TypedResults.Ok(new Page<MemberView>(
            [.. found.Select(m => names.GetValueOrDefault(m.UserId) is { } p ? new MemberView(p.Id, p.Username, p.DisplayName, p.State, m.Since) : new(m.UserId, m.Username, m.Username, UserState.Deleted, m.Since))],
            next, total));
    }

    internal static async Task<Results<NoContent, FailureResult>> AddAsync(
        TeamId team, UserId user, TeamsDb db, IUserDirectory people, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(team, ct) is not { } found)
            return TeamFailures.NoSuchTeam.ToHttp();
        audit.Resource = $"team:{team}";
        if ((await people.FindAsync([user], ct)).GetValueOrDefault(user) is not { State: not UserState.Deleted } person)
            return TeamFailures.NoSuchPerson.ToHttp();
        if (await db.Members.AnyAsync(m => m.TeamId == team && m.UserId == user, ct))
            return TypedResults.NoContent();
        var now = clock.GetUtcNow();
        db.Add(new Membership { TeamId = team, UserId = user, Username = person.Username, Since = now });
        found.Touch(now);
        audit.Changed("member", null, person.Username);
        events.Append(db, new TeamMemberAdded(team, found.Name, user, person.Username));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<NoContent, FailureResult>> RemoveAsync(
        TeamId team, UserId user, TeamsDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(team, ct) is not { } found)
            return TeamFailures.NoSuchTeam.ToHttp();
        audit.Resource = $"team:{team}";
        if (await db.Members.SingleOrDefaultAsync(m => m.TeamId == team && m.UserId == user, ct) is not { } member)
            return TypedResults.NoContent();
        db.Remove(member);
        found.Touch(clock.GetUtcNow());
        audit.Changed("member", member.Username, null);
        events.Append(db, new TeamMemberRemoved(team, found.Name, user, member.Username, "removed"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
