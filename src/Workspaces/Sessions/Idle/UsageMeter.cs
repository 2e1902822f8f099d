using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Sessions;

/// <summary>Turns what runtimes count into samples, and keeps them.</summary>
internal sealed class UsageMeter(
    RuntimeRegistry runtimes, CrowdWatch crowds, NpgsqlDataSource database, IDbContextFactory<SessionsDb> databases, IOptions<SessionsOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<SessionId, (long CpuNanoseconds, long At)> last = new();
    private readonly ConcurrentDictionary<SessionId, DateTimeOffset> watched = new();

    /// <summary>Somebody looks at this session's use: it is sampled more often for a minute.</summary>
    public void Watch(SessionId session) => watched[session] = clock.GetUtcNow().AddMinutes(1);

    /// <summary>Sessions that somebody looks at.</summary>
    public IReadOnlyList<SessionId> Watched()
    {
        var now = clock.GetUtcNow();
        foreach (var (session, until) in watched)
        {
            if (until < now)
                watched.TryRemove(session, out _);
        }

        return [.. watched.Keys];
    }

    /// <summary>CPU use in the latest sample that still says something about now.</summary>
    public async Task<double?> RecentCpuAsync(SessionId session, DateTimeOffset now, CancellationToken ct)
    {
        var oldest = now - 2 * options.Value.SampleEvery;
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Usage.Where(u => u.SessionId == session && u.At > oldest).OrderByDescending(u => u.At).Select(u => (double?)u.CpuPercent).FirstOrDefaultAsync(ct);
    }

    /// <summary>Takes one sample; null for the first of a session (there is nothing to compare with) and where the runtime knows nothing.</summary>
    public async Task<UsageRow?> SampleAsync(SessionId session, string runtimeName, DateTimeOffset? startedAt, CancellationToken ct)
    {
        if (runtimes.Find(runtimeName) is not { } runtime || !runtimes.HealthOf(runtimeName).Available)
            return null;
        UsageSample? sample;
        try
        {
            sample = await runtime.UsageAsync(session, ct);
        }
        catch (RuntimeFailure)
        {
            return null;
        }

        if (sample is null)
        {
            last.TryRemove(session, out _);
            crowds.Forget(session);
            return null;
        }

        await crowds.LookAsync(session, startedAt, sample, ct);

        var now = clock.GetTimestamp();
        var before = last.TryGetValue(session, out var seen) ? seen : default((long CpuNanoseconds, long At)?);
        last[session] = (sample.CpuNanoseconds, now);
        if (before is not { } from || sample.CpuNanoseconds < from.CpuNanoseconds || clock.GetElapsedTime(from.At, now) is not { TotalMilliseconds: > 100 } passed)
            return null;
        var percent = (sample.CpuNanoseconds - from.CpuNanoseconds) / passed.TotalNanoseconds * 100;
        return new UsageRow
        {
            SessionId = session, At = clock.GetUtcNow(), CpuPercent = Math.Round(percent, 2), MemoryBytes = sample.MemoryBytes, NetworkIn = sample.NetworkReceivedBytes,
            NetworkOut = sample.NetworkSentBytes, DiskBytes = sample.DiskBytes, Processes = sample.Processes,
        };
    }

    /// <summary>Keeps samples, in one round trip.</summary>
    public async Task KeepAsync(IReadOnlyList<UsageRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await using var command = database.CreateCommand(
            """
            insert into sessions.usage(session_id, at, cpu_percent, memory_bytes, network_in, network_out, disk_bytes, processes)
            select * from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[]) on conflict do nothing
            """);
        Add(command, NpgsqlDbType.Uuid, rows.Select(r => r.SessionId.Value).ToArray());
        Add(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.At.UtcDateTime).ToArray());
        Add(command, NpgsqlDbType.Double, rows.Select(r => r.CpuPercent).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(r => r.MemoryBytes).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(r => r.NetworkIn).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(r => r.NetworkOut).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(r => r.DiskBytes).ToArray());
        Add(command, NpgsqlDbType.Integer, rows.Select(r => r.Processes).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object values) =>
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values });
}
