using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Counts of what happened.</summary>
public sealed record ActivityStatsAnswer(DateTimeOffset Since, long Total, IReadOnlyDictionary<string, long> ByCategory, IReadOnlyDictionary<string, long> ByType, IReadOnlyList<DayCountAnswer> ByDay);

/// <summary>Lines of one day (UTC).</summary>
public sealed record DayCountAnswer(DateOnly Day, long Count);

/// <summary>Counts the histories of the sessions the caller may see.</summary>
internal static class ActivityStats
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/activity/stats", HandleAsync).Needs(SessionsPermissions.View).Produces<ActivityStatsAnswer>()
        .WithName("GetActivityStats").WithTags("Activity").WithSummary("Counts of what happened to sessions").WithDescription("Of the last 30 days, or since a time at most a year back.");

    private static async Task<IResult> HandleAsync([FromQuery(Name = "since")] DateTimeOffset? since, SessionsDb db, ICaller caller, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var from = since?.ToUniversalTime() ?? now.AddDays(-30);
        if (from < now.AddDays(-366) || from > now)
            return Failure.Field("since", "must be a time within the last year.").ToHttp();
        var rows = db.Activity.AsNoTracking().Where(a => a.At >= from);
        if (!caller.May(SessionsPermissions.ViewAll) && !caller.May(SessionsPermissions.ManageAll))
        {
            var me = caller.UserId;
            rows = rows.Where(a => a.OwnerId == me);
        }

        var counts = await rows.GroupBy(a => new { a.Category, a.Type }).Select(g => new { g.Key.Category, g.Key.Type, Count = g.LongCount() }).ToListAsync(ct);
        var days = await rows.GroupBy(a => a.At.Date).Select(g => new { Day = g.Key, Count = g.LongCount() }).OrderBy(d => d.Day).ToListAsync(ct);
        return TypedResults.Ok(new ActivityStatsAnswer(
            from, counts.Sum(c => c.Count),
            counts.GroupBy(c => c.Category, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Count), StringComparer.Ordinal),
            counts.GroupBy(c => c.Type, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Count), StringComparer.Ordinal),
            [.. days.Select(d => new DayCountAnswer(DateOnly.FromDateTime(d.Day), d.Count))]));
    }
}
