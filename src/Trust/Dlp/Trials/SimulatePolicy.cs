using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>POST /dlp/policies/simulate: what a policy would have done to the clipboard operations of the last days. Nothing is changed.</summary>
internal static class SimulatePolicy
{
    private const int MostIncidents = 50_000;

    /// <param name="Policy">The policy, saved or not.</param>
    /// <param name="Days">How far back; 1 to 90.</param>
    public sealed record Request(Draft Policy, [Range(1, 90, ErrorMessage = "must be between 1 and 90.")] int Days = 7);

    /// <param name="ApplyTo">Whom it is about.</param>
    /// <param name="Rules">What it says.</param>
    public sealed record Draft(PolicyScope ApplyTo, PolicyRules Rules);

    public sealed record Count(string Name, long Operations);

    /// <param name="Operations">Clipboard operations that were recorded in that time, of those the policy is about.</param>
    /// <param name="WouldBlock">How many it would have blocked.</param>
    /// <param name="WouldWarn">How many it would have warned about.</param>
    /// <param name="Unknown">How many have filters to pass, and nothing is known of what was in them.</param>
    /// <param name="ByReason">Blocked, by rule.</param>
    /// <param name="ByUser">Blocked, by person.</param>
    /// <param name="ByDay">Blocked, by day.</param>
    /// <param name="Truncated">There were more operations than are looked at: the newest 50,000.</param>
    public sealed record Response(
        long Operations, long WouldBlock, long WouldWarn, long Unknown, IReadOnlyList<Count> ByReason, IReadOnlyList<Count> ByUser, IReadOnlyList<Count> ByDay, bool Truncated);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/dlp/policies/simulate", HandleAsync).Needs(DlpPermissions.Manage).Audited("dlp.policy.simulated")
        .WithSummary("What a policy would have blocked in the last days").WithTags("Data protection")
        .WithDescription("Looks at recorded clipboard operations: what other policies blocked, warned about, or let pass with audit. Filters are tried where the beginning of the text was kept; of the others it is known at most what was found then.");

    internal static async Task<Results<Ok<Response>, FailureResult>> HandleAsync(Request request, DlpDb db, ITeamDirectory teams, ContentInspector inspector, TimeProvider clock, CancellationToken ct)
    {
        if (PolicyCheck.Of(request.Policy.ApplyTo, request.Policy.Rules) is { } wrong)
            return wrong.ToHttp();
        if (await teams.CheckAsync(request.Policy.ApplyTo, ct) is { } unknown)
            return unknown.ToHttp();
        var members = await teams.MembersAsync([.. (request.Policy.ApplyTo.Teams ?? []).Select(TeamId.From)], ct);
        var from = clock.GetUtcNow().AddDays(-request.Days);
        var found = await Concerned(db, request.Policy.ApplyTo, members).Where(i => i.At >= from && (i.Channel == DlpChannel.ClipboardIn || i.Channel == DlpChannel.ClipboardOut))
            .OrderByDescending(i => i.At).Take(MostIncidents + 1).ToListAsync(ct);
        var trial = new Trial(request.Policy.Rules, inspector);
        foreach (var incident in found.Take(MostIncidents).Reverse())
            trial.Try(incident);
        return TypedResults.Ok(new Response(
            trial.Operations, trial.Blocked.Sum(b => (long)b.Incident.Times), trial.Warned, trial.Unknown,
            By(trial, b => Words.Of(b.Reason)), By(trial, b => b.Incident.Username), By(trial, b => b.Incident.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), found.Count > MostIncidents));
    }

    private static List<Count> By(Trial trial, Func<(Incident Incident, IncidentReason Reason), string> key) =>
        [.. trial.Blocked.GroupBy(key).Select(g => new Count(g.Key, g.Sum(b => (long)b.Incident.Times))).OrderByDescending(c => c.Operations).ThenBy(c => c.Name, StringComparer.Ordinal).Take(25)];

    /// <summary>By the session's template as it was written down, and by who is in the teams now; incidents from before that count by person and session only.</summary>
    private static IQueryable<Incident> Concerned(DlpDb db, PolicyScope scope, IReadOnlyList<UserId> members)
    {
        var incidents = db.Incidents.AsNoTracking();
        if (scope.All)
            return incidents;
        var users = (scope.Users ?? []).Select(UserId.From).Union(members).ToArray();
        var sessions = (scope.Sessions ?? []).Select(SessionId.From).ToArray();
        var templates = (scope.Templates ?? []).ToArray();
        return incidents.Where(i => users.Contains(i.UserId) || sessions.Contains(i.SessionId) || templates.Contains(i.Template));
    }
}
