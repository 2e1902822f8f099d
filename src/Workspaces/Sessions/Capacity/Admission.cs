using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Gives out a runtime's room, one decision at a time over all replicas; who finds none waits in the fair queue.</summary>
internal sealed class Admission(
    IDbContextFactory<SessionsDb> databases, CapacityLimits limits, WorkQueue work, ReconcilerBell bell, IEventLog events, SessionWriter writer, TimeProvider clock)
{
    private const string TakenSql =
        """
        select count(*) filter (where admitted) as sessions, coalesce(sum(cpu_millicores) filter (where admitted), 0)::bigint as cpu,
               coalesce(sum(memory_bytes) filter (where admitted), 0) as memory, count(*) filter (where queued_at is not null) as waiting
        from sessions.sessions where runtime = {0} and (admitted or queued_at is not null)
        """;

    /// <summary>True when the session may start now; else it waits.</summary>
    public async Task<bool> AdmitAsync(SessionId id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var runtime = await db.Sessions.Where(s => s.Id == id).Select(s => s.Runtime).FirstOrDefaultAsync(ct);
        if (runtime is null)
            return false;
        var room = limits.Of(runtime);
        if (room.IsEndless)
            return await writer.ChangeAsync(id, s => s.Admit(), ct) is not null;

        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            await LockAsync(db, runtime, ct);
            if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == id, ct) is not { } session)
                return false;
            if (session.Admitted)
                return true;
            var taken = await TakenAsync(db, runtime, ct);
            var others = taken.Waiting - (session.QueuedAt is null ? 0 : 1);
            if (others == 0 && room.Fits(taken.Cpu, taken.Memory, taken.Sessions, session.CpuMillicores, session.MemoryBytes))
                session.Admit();
            else
                session.Queue(clock.GetUtcNow());
            await db.SaveAsync(session, events, ct);
            await transaction.CommitAsync(ct);
            if (session.Admitted)
                return true;
        }

        return (await PassOnAsync(runtime, ct)).Contains(id);
    }

    /// <summary>Checks that a session which has its place may grow there, inside the transaction that will make it so. Null: it may.</summary>
    public async Task<Failure?> CheckGrowthAsync(SessionsDb db, Session session, int moreCpu, long moreMemory, CancellationToken ct)
    {
        var room = limits.Of(session.Runtime);
        if (!session.Admitted || room.IsEndless)
            return null;
        await LockAsync(db, session.Runtime, ct);
        var taken = await TakenAsync(db, session.Runtime, ct);
        if (moreCpu > 0 && room.CpuMillicores > 0 && taken.Cpu + moreCpu > room.CpuMillicores)
            return SessionFailures.NoRoom(session.Runtime, "cpu", Quantity.Millicores((int)Math.Max(0, room.CpuMillicores - taken.Cpu)));
        if (moreMemory > 0 && room.MemoryBytes > 0 && taken.Memory + moreMemory > room.MemoryBytes)
            return SessionFailures.NoRoom(session.Runtime, "memory", Quantity.Bytes((long)Math.Max(0, room.MemoryBytes - taken.Memory)));
        return null;
    }

    /// <summary>Lets those in who fit, in fair order, and tells the others their places. Answers who was let in.</summary>
    public async Task<IReadOnlyCollection<SessionId>> PassOnAsync(string runtime, CancellationToken ct)
    {
        var room = limits.Of(runtime);
        if (room.IsEndless)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        if (!await db.Sessions.AnyAsync(s => s.Runtime == runtime && s.QueuedAt != null, ct))
            return [];
        List<SessionId> admitted = [];
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            await LockAsync(db, runtime, ct);
            var queued = await db.Sessions.Where(s => s.Runtime == runtime && s.QueuedAt != null && s.Wanted == SessionWish.Running).ToDictionaryAsync(s => s.Id, ct);
            var turns = await db.QueueTurns.Where(t => t.Runtime == runtime).ToListAsync(ct);
            var order = FairQueue.Order(
                queued.Values.Select(s => new Waiting(s.Id, s.TeamId, s.OwnerId, s.QueuedAt!.Value, s.CpuMillicores, s.MemoryBytes)),
                turns.ToDictionary(t => (t.Kind, t.Key), t => t.ServedAt));
            var (sessions, cpu, memory, _) = await TakenAsync(db, runtime, ct);
            var place = 0;
            var open = true;
            foreach (var next in order)
            {
                var session = queued[next.Id];
                // Strictly in order: a big session at the head is not overtaken for ever by small ones behind it.
                open = open && room.Fits(cpu, memory, sessions, next.CpuMillicores, next.MemoryBytes);
                if (open)
                {
                    session.Admit();
                    (sessions, cpu, memory) = (sessions + 1, cpu + next.CpuMillicores, memory + next.MemoryBytes);
                    Serve(db, turns, runtime, next);
                    admitted.Add(next.Id);
                }
                else
                {
                    session.MoveInQueue(++place);
                }

                foreach (var fact in session.TakeFacts())
                    events.Append(db, fact);
            }

            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        await work.WakeAsync(admitted, ct);
        bell.Ring();
        return admitted;
    }

    private void Serve(SessionsDb db, List<QueueTurn> turns, string runtime, Waiting next)
    {
        foreach (var (kind, key) in new[] { ("team", FairQueue.TeamOf(next)), ("user", next.Owner.ToString()) })
        {
            var turn = turns.Find(t => t.Kind == kind && t.Key == key);
            if (turn is null)
            {
                turn = new QueueTurn { Runtime = runtime, Kind = kind, Key = key };
                turns.Add(turn);
                db.Add(turn);
            }

            turn.ServedAt = clock.GetUtcNow();
        }
    }

    private static Task LockAsync(SessionsDb db, string runtime, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(4713, hashtext({"room:" + runtime}))", ct);

    private static async Task<Taken> TakenAsync(SessionsDb db, string runtime, CancellationToken ct) =>
        (await db.Database.SqlQueryRaw<Taken>(TakenSql, runtime).ToListAsync(ct))[0];

    private sealed record Taken(long Sessions, long Cpu, decimal Memory, long Waiting);
}
