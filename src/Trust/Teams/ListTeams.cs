using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>GET /teams, by name; GET /teams/{team}; and GET /teams/my-teams for everybody.</summary>
internal static class ListTeams
{
    /// <param name="Search">Part of the name or description.</param>
    /// <param name="Member">Only teams that this person is in.</param>
    public sealed record Query(
        [FromQuery(Name = "search"), MaxLength(100)] string? Search,
        [FromQuery(Name = "member")] UserId? Member);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/teams", HandleAsync).Needs(TeamsPermissions.View).WithSummary("List teams by name").WithTags("Teams");
        api.MapGet("/teams/my-teams", MineAsync).Needs(TeamsPermissions.ViewOwn).WithSummary("List the teams one is in").WithTags("Teams");
        api.MapGet("/teams/{team}", ShowAsync).Needs(TeamsPermissions.View).WithSummary("Show a team").WithTags("Teams");
    }

    internal static Task<Results<Ok<Page<TeamView>>, FailureResult>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, TeamsDb db, CancellationToken ct)
    {
        var teams = db.Teams.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var pattern = LikePattern.Containing(query.Search);
            teams = teams.Where(t => EF.Functions.ILike(t.Name, pattern, "\\") || EF.Functions.ILike(t.Description, pattern, "\\"));
        }

        if (query.Member is { } member)
            teams = teams.Where(t => db.Members.Any(m => m.TeamId == t.Id && m.UserId == member));
        return PageAsync(teams, page, db, ct);
    }

    internal static Task<Results<Ok<Page<TeamView>>, FailureResult>> MineAsync([AsParameters] PageQuery page, ICaller caller, TeamsDb db, CancellationToken ct)
    {
        var me = caller.UserId;
        return PageAsync(db.Teams.AsNoTracking().Where(t => db.Members.Any(m => m.TeamId == t.Id && m.UserId == me)), page, db, ct);
    }

    internal static async Task<Results<Ok<TeamView>, FailureResult>> ShowAsync(TeamId team, HttpContext context, TeamsDb db, CancellationToken ct)
    {
        if (await db.Teams.AsNoTracking().SingleOrDefaultAsync(t => t.Id == team, ct) is not { } found)
            return TeamFailures.NoSuchTeam.ToHttp();
        context.TellVersion(found.Version);
        return TypedResults.Ok(found.ToView(await db.Members.CountAsync(m => m.TeamId == team, ct)));
    }

    private static async Task<Results<Ok<Page<TeamView>>, FailureResult>> PageAsync(IQueryable<Team> teams, PageQuery page, TeamsDb db, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 1);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        var total = await teams.LongCountAsync(ct);
        if (cursor.Value is [var last])
            teams = teams.Where(t => string.Compare(t.Key, last) > 0);
        var (found, next) = await teams.OrderBy(t => t.Key).Select(t => new { Team = t, Members = db.Members.Count(m => m.TeamId == t.Id) }).SliceAsync(page, t => [t.Team.Key], ct);
        return TypedResults.Ok(new Page<TeamView>([.. found.Select(t => t.Team.ToView(t.Members))], next, total));
    }
}
