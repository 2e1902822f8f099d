using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A no, and the fact that tells it.</summary>
internal sealed record Refusal(Failure Failure, IEvent? Fact);

/// <summary>
/// Says no to what would exceed a person's or the platform's quota. Decisions about one person are made one after the other,
/// over all replicas, so that a race is exact.
/// </summary>
internal sealed class Quotas(IOptions<SessionsOptions> options, IEventLog events)
{
    private const string UsedSql =
        """
        select count(*) as sessions, coalesce(sum(cpu_millicores) filter (where wanted in ('running', 'frozen')), 0)::bigint as cpu,
               coalesce(sum(memory_bytes) filter (where wanted in ('running', 'frozen')), 0) as memory
        from sessions.sessions where wanted <> 'terminated' and ({0}::uuid is null or owner_id = {0})
        """;

    /// <summary>Checks one more session, inside the transaction that will create or wake it. Null: it may be.</summary>
    /// <param name="db">With a transaction open; the person's lock is held until it ends.</param>
    /// <param name="owner">Whose quota.</param>
    /// <param name="cpu">How much more CPU; 0: none of it is asked for.</param>
    /// <param name="memory">How much more memory; 0: none of it is asked for.</param>
    /// <param name="created">True for a new session, false for a wake or for more of one that is awake.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Refusal?> CheckAsync(SessionsDb db, UserId owner, int cpu, long memory, bool created, CancellationToken ct)
    {
        var limits = options.Value;
        if (limits.MaxSessions > 0 && created)
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(4714, 0)", ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(4714, hashtext({owner.Value.ToString()}))", ct);
        var used = await UsedAsync(db, owner, ct);
        if (created && limits.MaxPerUser > 0 && used.Sessions + 1 > limits.MaxPerUser)
            return Refuse(owner, "sessions", limits.MaxPerUser, used.Sessions, 1, n => $"{n}");
        if (Quantity.TryMillicores(limits.CpuPerUser, out var mostCpu) && cpu > 0 && used.Cpu + cpu > mostCpu)
            return Refuse(owner, "cpu", mostCpu, used.Cpu, cpu, n => Quantity.Millicores((int)n));
        if (Quantity.TryBytes(limits.MemoryPerUser, out var mostMemory) && memory > 0 && used.Memory + memory > mostMemory)
            return Refuse(owner, "memory", mostMemory, (long)used.Memory, memory, Quantity.Bytes);
        if (created && limits.MaxSessions > 0 && (await UsedAsync(db, null, ct)).Sessions + 1 > limits.MaxSessions)
            return new(SessionFailures.Quota("sessions", "platform", $"{limits.MaxSessions}", $"{limits.MaxSessions}", "1"), null);
        Warn(db, owner, "sessions", limits.MaxPerUser, used.Sessions, created ? 1 : 0);
        Warn(db, owner, "cpu", mostCpu, used.Cpu, cpu);
        Warn(db, owner, "memory", mostMemory, (long)used.Memory, memory);
        return null;
    }

    // Only the step over the mark is told, not each one above it.
    private void Warn(SessionsDb db, UserId owner, string quota, long limit, long used, long more)
    {
        if (limit > 0 && used * 10 < limit * 8 && (used + more) * 10 >= limit * 8)
            events.Append(db, new QuotaWarned(owner, quota, limit, used + more));
    }

    /// <summary>Tells a refusal, after the transaction that was to create or wake the session is over: its connection is free then.</summary>
    public async Task<Failure> TellAsync(Refusal refusal, CancellationToken ct)
    {
        if (refusal.Fact is { } fact)
            await events.AppendAsync([fact], ct);
        return refusal.Failure;
    }

    private static Refusal Refuse(UserId owner, string quota, long limit, long used, long asked, Func<long, string> write) =>
        new(SessionFailures.Quota(quota, "user", write(limit), write(used), write(asked)), new UserQuotaExceeded(owner, quota, "user", limit, used, asked));

    private static async Task<Used> UsedAsync(SessionsDb db, UserId? owner, CancellationToken ct) =>
        (await db.Database.SqlQueryRaw<Used>(UsedSql, new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid, Value = (object?)owner?.Value ?? DBNull.Value }).ToListAsync(ct))[0];

    private sealed record Used(long Sessions, long Cpu, decimal Memory);
}
