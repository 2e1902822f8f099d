using System.Diagnostics;
using System.Globalization;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// The proxy as in <see cref="ProxyBench"/>, now with data protection in force (<see cref="BenchProtection"/>): pictures as before, and a text of 4 KiB in each
/// direction once in 16 MiB, which the policies let pass after looking through it. The others relay the same bytes and look at nothing.
/// </summary>
internal static class GuardedBench
{
    private const int Megabytes = 512;
    private const int ClipboardEvery = 16;
    private const int Rounds = 3;

    private sealed record Figures(string Name)
    {
        public List<double> MegabytesPerSecond { get; } = [];

        public List<double> CpuSecondsPerGigabyte { get; } = [];
    }

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        using var source = new ProxySource();
        var figures = await SpeedAsync(source);
        foreach (var f in figures)
        {
            report.Add($"{f.Name}: one stream, a text of 4 KiB in each direction once in {ClipboardEvery} MiB", string.Create(CultureInfo.InvariantCulture,
                $"{ProxyBench.Median(f.MegabytesPerSecond):0} MB/s, {ProxyBench.Median(f.CpuSecondsPerGigabyte):0.00} CPU s/GB"));
        }

        var (free, guarded, websockify, haproxy) = (figures[1], figures[2], figures[3], figures[4]);
        var (speed, processor) = (ProxyBench.Median(guarded.MegabytesPerSecond), ProxyBench.Median(guarded.CpuSecondsPerGigabyte));
        ProxyBench.Ratio(report, "policies in force: throughput beside the same without", speed / ProxyBench.Median(free.MegabytesPerSecond));
        ProxyBench.Ratio(report, "policies in force: throughput beside websockify", speed / ProxyBench.Median(websockify.MegabytesPerSecond), 1.0, atLeast: true);
        ProxyBench.Ratio(report, "policies in force: throughput beside haproxy in TCP mode", speed / ProxyBench.Median(haproxy.MegabytesPerSecond), 0.9, atLeast: true);
        ProxyBench.Ratio(report, "policies in force: CPU per GB beside haproxy", processor / ProxyBench.Median(haproxy.CpuSecondsPerGigabyte), 1.5, atLeast: false);
        await MemoryAsync(source, report);
    }

    private static async Task<List<Figures>> SpeedAsync(ProxySource source)
    {
        var peers = new List<ProxyPeer> { ProxyPeer.Direct(source.Port) };
        try
        {
            Func<int, Task<ProxyPeer>>[] starts = [ProxyPeer.StreamSpaceAsync, ProxyPeer.GuardedAsync, ProxyPeer.WebsockifyAsync, ProxyPeer.HaproxyAsync];
            foreach (var start in starts)
                peers.Add(await start(source.Port));
            await ProveAsync(source, peers[2]);
            var figures = peers.ConvertAll(p => new Figures(p.Name));
            for (var round = -1; round < Rounds; round++) // the first round warms up and does not count
            {
                for (var i = 0; i < peers.Count; i++)
                    await ThroughputAsync(source, peers[i], figures[i], round < 0 ? 64 : Megabytes, counts: round >= 0);
            }

            return figures;
        }
        finally
        {
            foreach (var peer in peers)
                peer.Dispose();
        }
    }

    /// <summary>That the policies are in force: a card number gets through in neither direction.</summary>
    private static async Task ProveAsync(ProxySource source, ProxyPeer peer)
    {
        using var client = await ProxyClient.ConnectAsync(peer.Port, peer.Path);
        var passed = await client.TryCardAsync();
        await client.PingAsync(); // whatever was sent before it has been read by the display
        if (passed || source.Cards > 0)
            throw new InvalidOperationException("A card number passed: no policy is in force.");
    }

    private static async Task ThroughputAsync(ProxySource source, ProxyPeer peer, Figures figures, int megabytes, bool counts)
    {
        using var client = await ProxyClient.ConnectAsync(peer.Port, peer.Path);
        var texts = source.Texts;
        var cpu = peer.CpuSeconds();
        var watch = Stopwatch.StartNew();
        await client.DownloadAsync(megabytes, ClipboardEvery);
        await client.PingAsync(); // the display has read the texts as well
        var elapsed = watch.Elapsed.TotalSeconds;
        if (source.Texts - texts != megabytes / ClipboardEvery)
            throw new InvalidOperationException($"{source.Texts - texts} of {megabytes / ClipboardEvery} texts reached the session through {peer.Name}.");
        if (!counts)
            return;
        var bytes = ProxySource.BytesFor(megabytes, ClipboardEvery);
        figures.MegabytesPerSecond.Add(bytes / 1e6 / elapsed);
        figures.CpuSecondsPerGigabyte.Add((peer.CpuSeconds() - cpu) / (bytes / 1e9));
    }

    private static async Task MemoryAsync(ProxySource source, Report report)
    {
        using var guarded = await ProxyPeer.GuardedAsync(source.Port);
        var kilobytes = await ProxyBench.MemoryAsync(guarded);
        using var free = await ProxyPeer.StreamSpaceAsync(source.Port);
        var without = await ProxyBench.MemoryAsync(free);
        report.Add("policies in force: memory per idle viewer", string.Create(CultureInfo.InvariantCulture, $"{kilobytes:0.0} KB ({without:0.0} KB without)"));
    }
}
