using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>GET /dlp/stats: what was blocked, warned about and let pass in the last days.</summary>
internal static class DlpStatistics
{
    /// <param name="Days">1 to 365; 30 when left out.</param>
    public sealed record Query([FromQuery(Name = "days"), Range(1, 365, ErrorMessage = "must be between 1 and 365.")] int? Days);

    public sealed record Count(string Name, long Incidents);

    public sealed record Day(string Date, long Blocked, long Warned, long Allowed);

    public sealed record Response(
        DateTimeOffset From, long Total, long Open, IReadOnlyList<Count> ByOutcome, IReadOnlyList<Count> ByPolicy, IReadOnlyList<Count> ByUser, IReadOnlyList<Count> ByReason,
        IReadOnlyList<Count> BySeverity, IReadOnlyList<Day> ByDay);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/dlp/stats", HandleAsync).Needs(DlpPermissions.View)
        .WithSummary("Count what data protection blocked, warned about and let pass").WithTags("Data protection");

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, DlpDb db, TimeProvider clock, CancellationToken ct)
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var from = today.AddDays(1 - (query.Days ?? 30));
        // The date is taken by the database in UTC, so that a row of a day is counted where its time says.
        var rows = await db.Database.SqlQuery<Row>(
            $"""
            select (at at time zone 'UTC')::date as "Date", outcome as "Outcome", policy_name as "Policy", username as "Username", reason as "Reason", severity as "Severity", sum(times)::bigint as "Count"
            from dlp.incidents where at >= {from.UtcDateTime} group by 1, 2, 3, 4, 5, 6
            """).ToListAsync(ct);
        var open = await db.Incidents.LongCountAsync(i => i.Status == IncidentStatus.Open, ct);
        var violations = rows.Where(r => r.Outcome != Words.Of(IncidentOutcome.Allowed)).ToList();
        return TypedResults.Ok(new Response(
            from, rows.Sum(r => r.Count), open, Top(rows, r => r.Outcome), Top(violations, r => r.Policy), Top(violations, r => r.Username), Top(violations, r => r.Reason), Top(violations, r => r.Severity),
            [.. Enumerable.Range(0, query.Days ?? 30).Select(d => DateOnly.FromDateTime(from.UtcDateTime).AddDays(d)).Select(d => new Day(
                d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), On(rows, d, IncidentOutcome.Blocked), On(rows, d, IncidentOutcome.Warned), On(rows, d, IncidentOutcome.Allowed)))]));
    }

    private static long On(List<Row> rows, DateOnly date, IncidentOutcome outcome) => rows.Where(r => r.Date == date && r.Outcome == Words.Of(outcome)).Sum(r => r.Count);

    private static List<Count> Top(List<Row> rows, Func<Row, string> by) =>
        [.. rows.GroupBy(by).Select(g => new Count(g.Key, g.Sum(r => r.Count))).OrderByDescending(c => c.Incidents).ThenBy(c => c.Name, StringComparer.Ordinal).Take(25)];

    private sealed record Row(DateOnly Date, string Outcome, string Policy, string Username, string Reason, string Severity, long Count);
}
