using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Looks at a session that rests: is it time to warn, freeze, hibernate or end it, and if not, when to look again. Asked at due times only.</summary>
internal sealed class IdleWatch(
    IDbContextFactory<SessionsDb> databases, SessionWriter writer, RuntimeRegistry runtimes, Presences presences, UsageMeter meter, IEventLog events,
    IOptions<SessionsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan[] ExpiryWarnings = [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)];

    /// <summary>The next time to look, or null after a wish was recorded that the reconciler must act on now.</summary>
    public async Task<DateTimeOffset?> LookAsync(Session session, ISessionRuntime runtime, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await db.Presence.FirstOrDefaultAsync(p => p.SessionId == session.Id, ct) is not { } presence)
            return session.ExpiresAt ?? now.AddMinutes(10);
        var plan = IdleRules.Plan(await FactsAsync(session, presence, runtime.Name, now, ct), now);
        if (plan.BusyCpu)
            await presences.TouchAsync(session.Id, "cpu", now, ct);

        if (plan.DueBy(now) is { } due)
        {
            await writer.ChangeAsync(session.Id, s => Wish(s, due.Action), ct);
            return null;
        }

        if (plan.BusyCpu)
            presence.WarnedFor = null;
        await WarnAsync(db, session, presence, plan, now, ct);
        return NextLook(presence, plan, now);
    }

    /// <summary>The facts as they are now; also used to explain the decision to people.</summary>
    public async Task<IdleFacts> FactsAsync(Session session, Presence presence, string runtime, DateTimeOffset now, CancellationToken ct) => new(
        session.Phase, presence.LastActivityAt, presence.Kind, session.KeepAwake, runtimes.HealthOf(runtime).Capabilities.Freeze, session.FreezeAfter, session.IdleTimeout,
        session.ExpiresAt, session.CpuThreshold > 0 && session.Phase == SessionPhase.Running ? await meter.RecentCpuAsync(session.Id, now, ct) : null, session.CpuThreshold);

    private static void Wish(Session session, string action) => _ = action switch
    {
        "terminate" => session.Wish(SessionWish.Terminated, "expired"),
        "hibernate" => session.Wish(SessionWish.Hibernated, "idle"),
        _ => session.Wish(SessionWish.Frozen, "idle"),
    };

    private async Task WarnAsync(SessionsDb db, Session session, Presence presence, IdlePlan plan, DateTimeOffset now, CancellationToken ct)
    {
        var told = false;
        if (plan.Next is { } next && now >= next.At - WarnBefore && presence.WarnedFor != next.At && session.Phase == SessionPhase.Running)
        {
            presence.WarnedFor = next.At;
            events.Append(db, new SessionIdled(session.Now(), next.Action, next.At));
            told = true;
        }

        if (plan.TerminateAt is { } end)
        {
            var due = ExpiryWarnings.Count(w => now >= end - w);
            if (due != presence.ExpiryWarned)
            {
                if (due > presence.ExpiryWarned)
                    events.Append(db, new SessionIdled(session.Now(), "terminate", end));
                presence.ExpiryWarned = due;
                told = true;
            }
        }

        if (told)
            await db.SaveChangesAsync(ct);
    }

    private DateTimeOffset NextLook(Presence presence, IdlePlan plan, DateTimeOffset now)
    {
        var times = new List<DateTimeOffset>();
        if (plan.Next is { } next)
            times.Add(presence.WarnedFor == next.At || now >= next.At - WarnBefore ? next.At : next.At - WarnBefore);
        if (plan.TerminateAt is { } end)
            times.AddRange(ExpiryWarnings.Select(w => end - w).Append(end).Where(t => t > now));
        if (times.Count == 0)
            return now.AddHours(1);
        var soonest = times.Min();
        return soonest <= now ? now.AddSeconds(1) : soonest;
    }

    private TimeSpan WarnBefore => Duration.TryParse(options.Value.WarnBefore, out var before) ? before : TimeSpan.FromMinutes(2);
}
