using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>POST /teams. Nobody is in it at first.</summary>
internal static class CreateTeam
{
    internal const string NamePattern = @"^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$";
    internal const string NameText = "must be one line of text.";

    /// <param name="Name">Unique among teams, in upper or lower case.</param>
    /// <param name="Description">What it is for.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(80), RegularExpression(NamePattern, ErrorMessage = NameText)] string Name,
        [MaxLength(1000)] string? Description = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/teams", HandleAsync).Needs(TeamsPermissions.Manage).Audited("team.created")
        .WithSummary("Make a team").WithTags("Teams");

    internal static async Task<Results<Created<TeamView>, FailureResult>> HandleAsync(
        Request request, HttpContext context, TeamsDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        var team = Team.Create(request.Name, request.Description, clock.GetUtcNow());
        audit.Resource = $"team:{team.Id}";
        audit.Changed("name", null, team.Name);
        db.Add(team);
        events.Append(db, new TeamCreated(team.Id, team.Name));
        if (await db.SaveAsync(ct) is { } failure)
            return failure.ToHttp();
        context.TellVersion(team.Version);
        return TypedResults.Created($"/api/v1/teams/{team.Id}", team.ToView(0));
    }
}
