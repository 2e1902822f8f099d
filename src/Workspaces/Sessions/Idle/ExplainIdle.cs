using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Why a session is awake, and what comes next.</summary>
public sealed record IdleAnswer(
    bool Active, DateTimeOffset? LastActivityAt, string? LastActivity, bool KeepAwake, double? CpuPercent, int CpuThreshold,
    DateTimeOffset? FreezeAt, DateTimeOffset? HibernateAt, DateTimeOffset? TerminateAt, IReadOnlyList<string> Reasons);

/// <summary>What a session uses, over time.</summary>
public sealed record UsageAnswer(IReadOnlyList<UsagePointAnswer> Items, UsageLimitsAnswer Limits, UsageSavedAnswer Saved);

/// <summary>One sample.</summary>
public sealed record UsagePointAnswer(DateTimeOffset At, double CpuPercent, long MemoryBytes, long? NetworkInBytes, long? NetworkOutBytes, long? DiskBytes, int? Processes);

/// <summary>What it may use.</summary>
public sealed record UsageLimitsAnswer(string Cpu, string Memory);

/// <summary>What sleeping saved.</summary>
public sealed record UsageSavedAnswer(double CpuHours, double MemoryGibHours);

/// <summary>Explains idleness, takes heartbeats and shows use.</summary>
internal static class ExplainIdle
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions/{id}/idle", HandleAsync).Needs(SessionsPermissions.View).Produces<IdleAnswer>()
            .WithName("ExplainIdle").WithTags("Sessions").WithSummary("Why a session is awake, and what comes next");
        api.MapPost("/sessions/{id}/heartbeat", BeatAsync).Needs(SessionsPermissions.Manage).Audited("session.heartbeat").Produces(204)
            .WithName("SendHeartbeat").WithTags("Sessions").WithSummary("Tell that a session is in use").WithDescription("Counts as activity; the answer to the warning before it freezes.");
        api.MapGet("/sessions/{id}/usage", UsageAsync).Needs(SessionsPermissions.View).Produces<UsageAnswer>()
            .WithName("GetSessionUsage").WithTags("Sessions").WithSummary("What a session uses, over time").WithDescription("Asking makes samples come every few seconds for a minute.");
    }

    private static async Task<IResult> HandleAsync(SessionRef id, SessionShelf shelf, SessionsDb db, IdleWatch idle, TimeProvider clock, CancellationToken ct)
    {
        var found = await shelf.FindToReadAboutAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var session = found.Value;
        var presence = await db.Presence.AsNoTracking().FirstOrDefaultAsync(p => p.SessionId == session.Id, ct);
        if (presence is null)
            return TypedResults.Ok(new IdleAnswer(false, null, null, session.KeepAwake, null, session.CpuThreshold, null, null, null, ["It is over."]));
        var now = clock.GetUtcNow();
        var facts = await idle.FactsAsync(session, presence, session.Runtime, now, ct);
        var plan = IdleRules.Plan(facts, now);
        var awake = session.Phase is SessionPhase.Running;
        return TypedResults.Ok(new IdleAnswer(
            awake && (facts.KeepAwake || plan.BusyCpu || now - presence.LastActivityAt < TimeSpan.FromMinutes(1)), presence.LastActivityAt, presence.Kind, facts.KeepAwake, facts.CpuPercent, facts.CpuThreshold,
            plan.FreezeAt, plan.HibernateAt, plan.TerminateAt, plan.Reasons));
    }

    private static async Task<IResult> BeatAsync(SessionRef id, SessionShelf shelf, SessionActivity activity, IEventLog events, ICaller caller, CancellationToken ct)
    {
        var found = await shelf.FindToManageAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        if (found.Value.Wanted == SessionWish.Terminated)
            return SessionFailures.Over(found.Value.Name).ToHttp();
        await activity.SeenAsync(found.Value.Id, "heartbeat", ct);
        await events.AppendAsync([new SessionHeartbeat(found.Value.Now(), caller.UserId)], ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> UsageAsync(
        SessionRef id, [FromQuery(Name = "since")] DateTimeOffset? since, SessionShelf shelf, SessionsDb db, UsageMeter meter, TimeProvider clock, CancellationToken ct)
    {
        var found = await shelf.FindToReadAboutAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var session = found.Value;
        meter.Watch(session.Id);
        var from = since?.ToUniversalTime() ?? clock.GetUtcNow().AddHours(-1);
        var rows = await db.Usage.AsNoTracking().Where(u => u.SessionId == session.Id && u.At >= from).OrderByDescending(u => u.At).Take(1000).ToListAsync(ct);
        rows.Reverse();
        return TypedResults.Ok(new UsageAnswer(
            [.. rows.Select(u => new UsagePointAnswer(u.At, u.CpuPercent, u.MemoryBytes, u.NetworkIn, u.NetworkOut, u.DiskBytes, u.Processes))],
            new(Quantity.Millicores(session.CpuMillicores), Quantity.Bytes(session.MemoryBytes)), new(Math.Round(session.SavedCpuHours, 4), Math.Round(session.SavedMemoryHours, 4))));
    }
}
