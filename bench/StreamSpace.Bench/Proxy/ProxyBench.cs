using System.Diagnostics;
using System.Globalization;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// The stream proxy beside websockify and haproxy: same source, same client, one run. The contestants take turns in every round, so that whatever else
/// the machine does hits all of them. Direct connections are the zero line.
/// </summary>
internal static class ProxyBench
{
    private sealed record Figures(string Name)
    {
        public List<double> MegabytesPerSecond { get; } = [];

        public List<double> CpuSecondsPerGigabyte { get; } = [];

        public List<double> OneWayP50 { get; } = [];

        public List<double> OneWayP99 { get; } = [];

        public List<double> RoundTripP50 { get; } = [];

        public List<double> RoundTripP99 { get; } = [];

        public double KilobytesPerViewer { get; set; }
    }

    private const int Megabytes = 512;
    private const int Viewers = 200;
    private const int Rounds = 3;

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        using var source = new ProxySource();
        var figures = await SpeedAsync(source, n);
        await MemoryAsync(source, figures);
        Tell(report, figures);
    }

    private static async Task<List<Figures>> SpeedAsync(ProxySource source, int n)
    {
        var peers = new List<ProxyPeer> { ProxyPeer.Direct(source.Port), await ProxyPeer.StreamSpaceAsync(source.Port), await ProxyPeer.WebsockifyAsync(source.Port), await ProxyPeer.HaproxyAsync(source.Port) };
        try
        {
            var figures = peers.ConvertAll(p => new Figures(p.Name));
            for (var round = -1; round < Rounds; round++) // the first round warms up and does not count
            {
                for (var i = 0; i < peers.Count; i++)
                    await ThroughputAsync(peers[i], figures[i], round < 0 ? 64 : Megabytes, counts: round >= 0);
            }

            for (var round = -1; round < Rounds; round++)
            {
                for (var i = 0; i < peers.Count; i++)
                    await LatencyAsync(peers[i], figures[i], seconds: Math.Max(1, n / 5), counts: round >= 0);
            }

            return figures;
        }
        finally
        {
            foreach (var peer in peers)
                peer.Dispose();
        }
    }

    /// <summary>In processes of their own: one that has served many viewers before gives their memory to the next.</summary>
    private static async Task MemoryAsync(ProxySource source, List<Figures> figures)
    {
        Func<int, Task<ProxyPeer>>[] starts = [ProxyPeer.StreamSpaceAsync, ProxyPeer.WebsockifyAsync, ProxyPeer.HaproxyAsync];
        for (var i = 0; i < starts.Length; i++)
        {
            using var peer = await starts[i](source.Port);
            figures[i + 1].KilobytesPerViewer = await MemoryAsync(peer);
        }
    }

    private static async Task ThroughputAsync(ProxyPeer peer, Figures figures, int megabytes, bool counts)
    {
        using var client = await ProxyClient.ConnectAsync(peer.Port, peer.Path);
        var cpu = peer.CpuSeconds();
        var watch = Stopwatch.StartNew();
        await client.DownloadAsync(megabytes);
        var elapsed = watch.Elapsed.TotalSeconds;
        if (!counts)
            return;
        var bytes = ProxySource.BytesFor(megabytes);
        figures.MegabytesPerSecond.Add(bytes / 1e6 / elapsed);
        figures.CpuSecondsPerGigabyte.Add((peer.CpuSeconds() - cpu) / (bytes / 1e9));
    }

    /// <summary>Every viewer asks for a 64-byte update ten times a second.</summary>
    private static async Task LatencyAsync(ProxyPeer peer, Figures figures, int seconds, bool counts)
    {
        var clients = new List<ProxyClient>();
        try
        {
            for (var i = 0; i < Viewers; i++)
                clients.Add(await ProxyClient.ConnectAsync(peer.Port, peer.Path));
            var samples = await Task.WhenAll(clients.Select((client, i) => PingsAsync(client, i, seconds)));
            if (!counts)
                return;
            var oneWay = samples.SelectMany(s => s.Select(p => p.OneWay)).Order().ToArray();
            var roundTrip = samples.SelectMany(s => s.Select(p => p.RoundTrip)).Order().ToArray();
            figures.OneWayP50.Add(Milliseconds(oneWay, 0.5));
            figures.OneWayP99.Add(Milliseconds(oneWay, 0.99));
            figures.RoundTripP50.Add(Milliseconds(roundTrip, 0.5));
            figures.RoundTripP99.Add(Milliseconds(roundTrip, 0.99));
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    private static async Task<List<(long OneWay, long RoundTrip)>> PingsAsync(ProxyClient client, int index, int seconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100.0 * index / Viewers)); // spread over the tick
        var samples = new List<(long, long)>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < seconds * 10 && await timer.WaitForNextTickAsync(); i++)
        {
            var sample = await client.PingAsync();
            if (i >= 5)
                samples.Add(sample);
        }
        return samples;
    }

    /// <summary>What one more viewer costs once it has been active and fell silent.</summary>
    internal static async Task<double> MemoryAsync(ProxyPeer peer)
    {
        var clients = new List<ProxyClient>();
        try
        {
            for (var i = 0; i < 20; i++) // what the first ones cost once is not theirs
            {
                clients.Add(await ProxyClient.ConnectAsync(peer.Port, peer.Path, 4096));
                await clients[^1].PingAsync();
            }

            await Task.Delay(1000);
            var before = peer.ResidentBytes();
            for (var i = 0; i < Viewers; i++)
            {
                clients.Add(await ProxyClient.ConnectAsync(peer.Port, peer.Path, 4096));
                await clients[^1].PingAsync();
            }
            await Task.Delay(2000);
            return (peer.ResidentBytes() - before) / 1024.0 / Viewers;
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    private static void Tell(Report report, List<Figures> figures)
    {
        var (direct, ours, websockify, haproxy) = (figures[0], figures[1], figures[2], figures[3]);
        foreach (var f in figures)
        {
            report.Add($"{f.Name}: one stream; 64 bytes one way and there and back at {Viewers} viewers; one idle viewer", string.Create(CultureInfo.InvariantCulture,
                $"{Median(f.MegabytesPerSecond):0} MB/s, {Median(f.CpuSecondsPerGigabyte):0.00} CPU s/GB; p50/p99 {Median(f.OneWayP50):0.000}/{Median(f.OneWayP99):0.000} ms, {Median(f.RoundTripP50):0.000}/{Median(f.RoundTripP99):0.000} ms; {f.KilobytesPerViewer:0.0} KB"));
        }

        var (speed, processor) = (Median(ours.MegabytesPerSecond), Median(ours.CpuSecondsPerGigabyte));
        Ratio(report, "throughput beside websockify", speed / Median(websockify.MegabytesPerSecond), 1.0, atLeast: true);
        Ratio(report, "throughput beside haproxy in TCP mode", speed / Median(haproxy.MegabytesPerSecond), 0.9, atLeast: true);
        Ratio(report, "CPU per GB beside haproxy", processor / Median(haproxy.CpuSecondsPerGigabyte), 1.5, atLeast: false);
        var (p50, p99) = (Median(ours.OneWayP50) - Median(direct.OneWayP50), Median(ours.OneWayP99) - Median(direct.OneWayP99));
        report.Add($"latency added to a 64-byte message at {Viewers} viewers", string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.000}, p99 {p99:0.000} ms (medians of {Rounds} rounds; rounds' p99: {string.Join(", ", ours.OneWayP99.Select(v => v.ToString("0.00", CultureInfo.InvariantCulture)))})"),
            "p50 <= 0.1 ms, p99 <= 1 ms", p50 <= 0.1 && p99 <= 1);
        report.Add("memory per idle viewer", string.Create(CultureInfo.InvariantCulture, $"{ours.KilobytesPerViewer:0.0} KB"), "<= 40 KB", ours.KilobytesPerViewer <= 40);
    }

    /// <summary>A row of how many times; without a bar it only tells.</summary>
    internal static void Ratio(Report report, string what, double ratio, double? bar = null, bool atLeast = true) => report.Add(
        what, string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x"), bar is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{(atLeast ? ">=" : "<=")} {bar:0.0}x"),
        bar is null ? null : atLeast ? ratio >= bar : ratio <= bar);

    private static double Milliseconds(long[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)] * 1000.0 / Stopwatch.Frequency;

    internal static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);
}
