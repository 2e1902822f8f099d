using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Records what a person wishes a session to be, and answers at once.</summary>
internal sealed class WishSession(SessionsDb db, SessionShelf shelf, RuntimeRegistry runtimes, Quotas quotas, Admission admission, Presences presences, IEventLog events, ReconcilerBell bell, AuditScope audit, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Map(api, "start", "session.started", "Start a session", "Wakes it, or launches it again after it failed.", s => s.Wish(SessionWish.Running, "manual"));
        Map(api, "wake", "session.woken", "Wake a session", "From frozen or hibernated.", s => s.Wish(SessionWish.Running, "manual"));
        Map(api, "stop", "session.stopped", "Stop a session", "The same as hibernating it.", s => s.Wish(SessionWish.Hibernated, "manual"));
        Map(api, "hibernate", "session.hibernated", "Hibernate a session", "Its processes end, its home is kept.", s => s.Wish(SessionWish.Hibernated, "manual"));
        Map(api, "freeze", "session.frozen", "Freeze a session", "Its processes pause, their memory is kept.", s => s.Wish(SessionWish.Frozen, "manual"));
        Map(api, "restart", "session.restarted", "Restart a session", "Its processes end and come up anew.", s => s.WishRestart());
        api.MapDelete("/sessions/{id}", async (SessionRef id, WishSession wishes, CancellationToken ct) =>
            {
                var ended = await wishes.RecordAsync(id, s => s.Wish(SessionWish.Terminated, "manual"), ct);
                return ended.Ok ? TypedResults.NoContent() : (IResult)ended.Failure.ToHttp();
            })
            .Needs(SessionsPermissions.Manage).Audited("session.deleted").Produces(204)
            .WithName("DeleteSession").WithTags("Sessions").WithSummary("End a session").WithDescription("Its processes and everything it had go, but a persistent home. Asking twice is fine.");
    }

    /// <summary>Records a wish on a session the caller may change.</summary>
    public async Task<Result<Session>> RecordAsync(SessionRef id, Func<Session, Result<bool>> wish, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var found = await shelf.FindToManageAsync(id, ct);
            if (!found.Ok)
                return found;
            var session = found.Value;
            var (before, cpu, memory) = (session.Wanted, session.CpuMillicores, session.MemoryBytes);
            var wished = wish(session);
            if (!wished.Ok)
                return wished.Failure;
            if (!wished.Value)
                return session;
            if (session.Wanted == SessionWish.Frozen && !CanFreeze(session))
                return SessionFailures.CannotFreeze(session.Runtime);
            try
            {
                if (await SaveAsync(session, Further(session, before, cpu, memory), ct) is { } refused)
                    return await quotas.TellAsync(refused, ct);
            }
            catch (DbUpdateConcurrencyException) when (attempt < 8)
            {
                // The reconciler took a step in between; the wish is recorded on what it left.
                continue;
            }

            audit.Resource = $"session:{session.Id}";
            audit.Changed("state", Wire.Name(before), Wire.Name(session.Wanted));
            bell.Ring(session.Id);
            // Somebody who wakes a session means to use it: idleness counts from now.
            if (session.Wanted == SessionWish.Running && before != SessionWish.Running)
                await presences.TouchAsync(session.Id, "start", clock.GetUtcNow(), ct);
            return session;
        }
    }

    /// <summary>How much more its person uses once the wish is recorded: all of what wakes, the difference of what is awake.</summary>
    private static (int Cpu, long Memory) Further(Session session, SessionWish before, int cpu, long memory) => (before, session.Wanted) switch
    {
        (SessionWish.Hibernated, SessionWish.Running) => (session.CpuMillicores, session.MemoryBytes),
        (SessionWish.Running or SessionWish.Frozen, SessionWish.Running or SessionWish.Frozen) => (Math.Max(0, session.CpuMillicores - cpu), Math.Max(0, session.MemoryBytes - memory)),
        _ => (0, 0),
    };

    private async Task<Refusal?> SaveAsync(Session session, (int Cpu, long Memory) further, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (further is not (0, 0))
        {
            if (await quotas.CheckAsync(db, session.OwnerId, further.Cpu, further.Memory, created: false, ct) is { } refused)
                return refused;
            if (await admission.CheckGrowthAsync(db, session, further.Cpu, further.Memory, ct) is { } full)
                return new(full, null);
        }

        await db.Database.ExecuteSqlAsync($"update sessions.work set due_at = {clock.GetUtcNow()}, wishes = wishes + 1, attempts = 0 where session_id = {session.Id.Value}", ct);
        await db.SaveAsync(session, events, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    private bool CanFreeze(Session session) => runtimes.HealthOf(session.Runtime) is not { Available: true, Capabilities.Freeze: false };

    private static void Map(IEndpointRouteBuilder api, string verb, string action, string summary, string description, Func<Session, Result<bool>> wish) =>
        api.MapPost("/sessions/{id}/" + verb, async (SessionRef id, WishSession wishes, SessionShelf shelf, CancellationToken ct) =>
            {
                var done = await wishes.RecordAsync(id, wish, ct);
                return done.Ok ? TypedResults.Ok(await shelf.AnswerAsync(done.Value, ct)) : (IResult)done.Failure.ToHttp();
            })
            .Needs(SessionsPermissions.Manage).Audited(action).Produces<SessionAnswer>()
            .WithName($"{char.ToUpperInvariant(verb[0])}{verb[1..]}Session").WithTags("Sessions").WithSummary(summary).WithDescription(description);
}
