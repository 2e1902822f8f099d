using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Counts what the audit holds: the last 30 days, or whatever is asked for.</summary>
internal static class AuditStatistics
{
    public sealed record Count(string Name, long Entries);

    public sealed record Response(
        DateTimeOffset From, long Total, IReadOnlyList<Count> ByResult, IReadOnlyList<Count> ByAction, IReadOnlyList<Count> ByActor, IReadOnlyList<Count> ByDay);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/audit/stats", HandleAsync).Needs(AuditPermissions.View)
        .WithSummary("Counts by result, action, actor and day").WithTags("Audit");

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] AuditQuery query, AuditDb db, TimeProvider clock, CancellationToken ct)
    {
        var from = query.From ?? clock.GetUtcNow().AddDays(-30);
        var entries = (query with { From = from }).Apply(db.Entries.AsNoTracking());
        var results = await entries.GroupBy(e => e.Result).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(ct);
        var actions = await entries.GroupBy(e => e.Action).Select(g => new { g.Key, Count = g.LongCount() }).OrderByDescending(g => g.Count).Take(25).ToListAsync(ct);
        var actors = await entries.Where(e => e.ActorName != "").GroupBy(e => e.ActorName).Select(g => new { g.Key, Count = g.LongCount() }).OrderByDescending(g => g.Count).Take(25).ToListAsync(ct);
        var days = await entries.GroupBy(e => e.Day).Select(g => new { g.Key, Count = g.LongCount() }).OrderBy(g => g.Key).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            from, results.Sum(r => r.Count), [.. results.OrderByDescending(r => r.Count).Select(r => new Count(r.Key, r.Count))], [.. actions.Select(a => new Count(a.Key, a.Count))],
            [.. actors.Select(a => new Count(a.Key, a.Count))], [.. days.Select(d => new Count(d.Key.ToString("yyyy-MM-dd", null), d.Count))]));
    }
}
