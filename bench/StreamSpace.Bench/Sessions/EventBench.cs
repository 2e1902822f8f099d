using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;
using StreamSpace.Client;
using StreamSpace.Testing;

namespace StreamSpace.Bench.Sessions;

/// <summary>
/// From a change of phase that stands committed in the database to its message at a socket, in the same process and on another replica. A connection
/// of our own notes when each event became visible; it is woken as the servers are, so what it needs itself is not counted (0.1 to 0.3 ms).
/// </summary>
internal static class EventBench
{
    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        var runtime = new FakeRuntime();
        await using var here = await Bed.StartAsync(runtime);
        await using var there = await Bed.StartAsync(runtime, here.Database);
        using var near = await Bed.LogInAsync(here);
        using var far = await Bed.LogInAsync(there);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        ConcurrentDictionary<long, long> committed = new(), atNear = new(), atFar = new();
        Samples written = new();
        var phases = Channel.CreateUnbounded<string>();
        var listening = new[]
        {
            WatchAsync(here.Database, committed, enough.Token),
            ListenAsync(near, atNear, written, phases.Writer, enough.Token),
            ListenAsync(far, atFar, null, null, enough.Token),
        };
        await Task.Delay(1000, ct);
        var session = await near.Sessions.CreateAsync(new NewSession { Template = "terminal" }, ct);
        await UntilAsync(phases.Reader, Phases.Running, ct);
        var counted = 0L;
        for (var i = 0; i < 20 * n; i++)
        {
            if (i == n)
                counted = committed.Keys.Max(); // until then it warms up
            await near.Sessions.FreezeAsync(session.Id, ct);
            await UntilAsync(phases.Reader, Phases.Frozen, ct);
            await near.Sessions.WakeAsync(session.Id, ct);
            await UntilAsync(phases.Reader, Phases.Running, ct);
        }

        await Task.Delay(500, ct);
        await enough.CancelAsync();
        await Task.WhenAll(listening);
        var same = Compare(committed, atNear, counted);
        var other = Compare(committed, atFar, counted);
        report.Add("phase change committed to message at a socket of the same process", same.Text("0.0"), "p99 <= 10 ms", same.P99 <= 10);
        report.Add("phase change committed to message at a socket of another replica", other.Text("0.0"), "p99 <= 50 ms", other.P99 <= 50);
        report.Add("the same from before the transaction is saved, same process, warm-up included", written.Text("0.0"));
    }

    private static Samples Compare(ConcurrentDictionary<long, long> committed, ConcurrentDictionary<long, long> seen, long after)
    {
        var samples = new Samples();
        foreach (var (position, at) in seen)
        {
            if (position > after && committed.TryGetValue(position, out var since))
                samples.Add(Math.Max(0, Stopwatch.GetElapsedTime(since, at).TotalMilliseconds));
        }

        return samples;
    }

    private static async Task WatchAsync(string database, ConcurrentDictionary<long, long> committed, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var listen = new NpgsqlCommand("listen streamspace_events", connection))
            await listen.ExecuteNonQueryAsync(ct);
        await using var read = new NpgsqlCommand("select coalesce(max(position), 0) from kernel.events", connection);
        var last = (long)(await read.ExecuteScalarAsync(ct))!;
        try
        {
            while (true)
            {
                await connection.WaitAsync(ct);
                var now = Stopwatch.GetTimestamp();
                for (var newest = (long)(await read.ExecuteScalarAsync(ct))!; last < newest;)
                    committed.TryAdd(++last, now);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }

    private static async Task UntilAsync(ChannelReader<string> phases, string phase, CancellationToken ct)
    {
        while (await phases.ReadAsync(ct) != phase)
        {
        }
    }

    private static async Task ListenAsync(StreamSpaceClient client, ConcurrentDictionary<long, long> seen, Samples? written, ChannelWriter<string>? phases, CancellationToken ct)
    {
        try
        {
            await foreach (var e in client.Live.SessionsAsync(null, null, ct))
            {
                if (e.Type != "session.state.changed" || e is not { Id: { } position, Timestamp: { } time })
                    continue;
                seen.TryAdd(position, Stopwatch.GetTimestamp());
                written?.Add((TimeProvider.System.GetUtcNow() - time).TotalMilliseconds);
                phases?.TryWrite(e.Data.GetProperty("phase").GetString()!);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was heard.
        }
    }
}
