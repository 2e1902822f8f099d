using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>PATCH and DELETE /teams/{team}. What is left out stays; what is still named somewhere is not deleted.</summary>
internal static class ChangeTeam
{
    /// <param name="Name">Unique among teams.</param>
    /// <param name="Description">What it is for.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(80), RegularExpression(CreateTeam.NamePattern, ErrorMessage = CreateTeam.NameText)] string? Name = null,
        [MaxLength(1000)] string? Description = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/teams/{team}", HandleAsync).Needs(TeamsPermissions.Manage).Audited("team.updated")
            .WithSummary("Change a team's name or description").WithTags("Teams");
        api.MapDelete("/teams/{team}", DeleteAsync).Needs(TeamsPermissions.Manage).Audited("team.deleted")
            .WithSummary("Delete a team").WithDescription("409 TEAM_IN_USE while a policy names it: what restricts its members would be lifted without a word.").WithTags("Teams");
    }

    internal static async Task<Results<Ok<TeamView>, FailureResult>> HandleAsync(
        TeamId team, Request request, HttpContext context, TeamsDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(team, ct) is not { } found)
            return TeamFailures.NoSuchTeam.ToHttp();
        if (context.EditsOlderThan(found.Version))
            return TeamFailures.ChangedMeanwhile.ToHttp();
        audit.Resource = $"team:{team}";
        var (name, description) = (found.Name, found.Description);
        if (request.Name is not null)
            found.Rename(request.Name);
        found.Description = request.Description?.Trim() ?? found.Description;
        audit.Changed("name", name, found.Name);
        audit.Changed("description", description, found.Description);
        if (audit.Changes.Count > 0)
        {
            found.Touch(clock.GetUtcNow());
            events.Append(db, new TeamUpdated(team, found.Name, [.. audit.Changes.Select(c => c.Field)]));
            if (await db.SaveAsync(ct) is { } failure)
                return failure.ToHttp();
            await transaction.CommitAsync(ct);
        }

        context.TellVersion(found.Version);
        return TypedResults.Ok(found.ToView(await db.Members.CountAsync(m => m.TeamId == team, ct)));
    }

    internal static async Task<Results<NoContent, FailureResult>> DeleteAsync(
        TeamId team, HttpContext context, TeamsDb db, IEnumerable<ITeamUse> users, IEventLog events, AuditScope audit, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(team, ct) is not { } found)
            return TeamFailures.NoSuchTeam.ToHttp();
        if (context.EditsOlderThan(found.Version))
            return TeamFailures.ChangedMeanwhile.ToHttp();
        audit.Resource = $"team:{team}";
        var uses = new List<string>();
        foreach (var user in users)
            uses.AddRange(await user.OfAsync(team, ct));
        if (uses.Count > 0)
            return TeamFailures.InUse(uses).ToHttp();
        audit.Changed("name", found.Name, null);
        foreach (var member in await db.Members.Where(m => m.TeamId == team).ToListAsync(ct))
        {
            db.Remove(member);
            events.Append(db, new TeamMemberRemoved(team, found.Name, member.UserId, member.Username, "team_deleted"));
        }

        db.Remove(found);
        events.Append(db, new TeamDeleted(team, found.Name));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
