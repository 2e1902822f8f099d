using System.Diagnostics;
using System.Globalization;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// A thousand viewers that only look at a still picture and a hundred that work: each of those gets twenty updates a second, every tenth of 32 KiB, the
/// others of 64 bytes. All through one proxy process, and the same without a proxy as the zero line; display and viewers share the processors.
/// </summary>
internal static class CrowdBench
{
    private const int Idle = 1000;
    private const int Active = 100;
    private const int PerSecond = 20;

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        using var source = new ProxySource();
        using var direct = ProxyPeer.Direct(source.Port);
        using var proxy = await ProxyPeer.StreamSpaceAsync(source.Port);
        var seconds = Math.Max(2, n / 2);
        await MeasureAsync(direct, 2, 100);
        await MeasureAsync(proxy, 2, 100); // compiles the way
        var zero = await MeasureAsync(direct, seconds, Idle);
        var ours = await MeasureAsync(proxy, seconds, Idle);
        var (p50, p99) = (ours.Latency.P50 - zero.Latency.P50, ours.Latency.P99 - zero.Latency.P99);
        report.Add($"without a proxy: {Idle} idle and {Active} active viewers, one way", $"{zero.Latency.Text("0.00")}; {zero.Errors} errors");
        report.Add($"{Idle} idle and {Active} active viewers, added one way", string.Create(CultureInfo.InvariantCulture,
            $"p50 {p50:0.00}, p99 {p99:0.00} ms (one way {ours.Latency.Text("0.00")}); {ours.Errors} errors; {ours.Cpu:0} % of a core; {ours.Kilobytes:0} KB per viewer"), "no error, p99 <= 5 ms", ours.Errors == 0 && p99 <= 5);
    }

    private sealed record Crowd(Samples Latency, int Errors, double Cpu, double Kilobytes);

    private static async Task<Crowd> MeasureAsync(ProxyPeer peer, int seconds, int idle)
    {
        var clients = new List<ProxyClient>();
        var latency = new Samples();
        var errors = 0;
        var before = peer.ResidentBytes();
        try
        {
            for (var i = 0; i < idle + Active; i++)
            {
                clients.Add(await ProxyClient.ConnectAsync(peer.Port, peer.Path, i < Active ? 64 * 1024 : 4096));
                await clients[^1].PingAsync();
            }

            await Task.Delay(1000);
            var cpu = peer.CpuSeconds();
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(clients.Take(Active).Select((client, i) => WorkAsync(client, i, seconds, latency, () => Interlocked.Increment(ref errors))));
            var used = 100 * (peer.CpuSeconds() - cpu) / watch.Elapsed.TotalSeconds;
            foreach (var client in clients.Skip(Active))
                await TryAsync(async () => await client.PingAsync(), () => errors++); // the idle ones are still served
            return new(latency, errors, used, (peer.ResidentBytes() - before) / 1024.0 / clients.Count);
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
            await Task.Delay(500);
        }
    }

    private static Task WorkAsync(ProxyClient client, int index, int seconds, Samples latency, Action failed) => TryAsync(async () =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1000.0 / PerSecond * index / Active)); // spread over the tick
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1000.0 / PerSecond));
        for (var i = 0; i < seconds * PerSecond && await timer.WaitForNextTickAsync(); i++)
        {
            var (oneWay, _) = await client.PingAsync((i + index) % 10 == 0 ? (byte)32 : (byte)1);
            if (i >= PerSecond / 2)
                latency.Add(oneWay * 1000.0 / Stopwatch.Frequency);
        }
    }, failed);

    private static async Task TryAsync(Func<Task> act, Action failed)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            failed();
        }
    }
}
