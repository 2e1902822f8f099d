using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// A real desktop that scrolls, looked at by one viewer that asks for the next picture as soon as it has one: with each encoding through each way, taking turns.
/// With a real desktop the X server is the bottleneck, and its share of a core is told beside: what can be seen is how much a way takes away from it.
/// </summary>
internal static class EncodingBench
{
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly (string Name, int[] Encodings)[] Wishes =
    [
        ("Raw", [RfbEncoding.Raw]),
        ("Tight with JPEG at quality 6", [RfbEncoding.Tight, -32 + 6]),
        ("ZRLE", [RfbEncoding.Zrle]),
    ];

    private sealed record Figures(string Name)
    {
        public List<double> UpdatesPerSecond { get; } = [];

        public List<double> MegabytesPerSecond { get; } = [];

        public List<double> CpuSecondsPerGigabyte { get; } = [];

        public List<double> DisplayCores { get; } = [];
    }

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        using var desktop = await ScrollingDesktop.StartAsync(ct);
        var peers = new List<ProxyPeer> { ProxyPeer.Direct(desktop.Port) };
        try
        {
            Func<int, Task<ProxyPeer>>[] starts = [ProxyPeer.StreamSpaceAsync, ProxyPeer.WebsockifyAsync, ProxyPeer.HaproxyAsync];
            foreach (var start in starts)
                peers.Add(await start(desktop.Port));
            foreach (var (name, encodings) in Wishes)
            {
                var figures = peers.ConvertAll(p => new Figures(p.Name));
                for (var round = -1; round < Rounds; round++) // the first round warms up and does not count
                {
                    for (var i = 0; i < peers.Count; i++)
                        await LookAsync(desktop, peers[i], encodings, TimeSpan.FromSeconds(round < 0 ? 1 : Math.Max(1, n / 5.0)), round < 0 ? null : figures[i]);
                }

                Tell(report, name, figures);
            }
        }
        finally
        {
            foreach (var peer in peers)
                peer.Dispose();
        }
    }

    private static async Task LookAsync(ScrollingDesktop desktop, ProxyPeer peer, int[] encodings, TimeSpan time, Figures? figures)
    {
        using var client = await ProxyClient.ConnectAsync(peer.Port, peer.Path).WaitAsync(Patience);
        await LookAsync(client, desktop, peer, encodings, time, figures).WaitAsync(time + Patience);
    }

    private static async Task LookAsync(ProxyClient client, ScrollingDesktop desktop, ProxyPeer peer, int[] encodings, TimeSpan time, Figures? figures)
    {
        var server = new ServerStream(); // follows messages and rectangles, and decodes no pixels: the viewer shall not be what bounds it
        server.Start(client.Init);
        await client.SendAsync(Wish(encodings));
        await client.SendAsync(Request(client.Init, incremental: false));
        var buffer = new byte[512 * 1024];
        long bytes = 0, updates = 0, seen = 0;
        double cpu = 0, display = 0;
        var watch = Stopwatch.StartNew();
        for (var kept = 0; watch.Elapsed < time || seen == 0;)
        {
            var got = await client.ReceiveAsync(buffer.AsMemory(kept));
            bytes += got;
            var step = server.Process(buffer.AsSpan(0, kept + got));
            if (server.Lost.Fault != RfbFault.None)
                throw new InvalidOperationException($"{peer.Name}: the display's stream cannot be followed ({server.Lost}).");
            buffer.AsSpan(step.Relay, step.Keep).CopyTo(buffer);
            kept = step.Keep;
            if (server.Updates == seen)
                continue;
            if (seen == 0) // the first whole picture is not counted
                (bytes, updates, cpu, display, watch) = (0, server.Updates, peer.CpuSeconds(), desktop.CpuSeconds(), Stopwatch.StartNew());
            seen = server.Updates;
            await client.SendAsync(Request(client.Init, incremental: true));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        if (figures is null)
            return;
        figures.UpdatesPerSecond.Add((seen - updates) / seconds);
        figures.MegabytesPerSecond.Add(bytes / 1e6 / seconds);
        figures.CpuSecondsPerGigabyte.Add((peer.CpuSeconds() - cpu) / (bytes / 1e9));
        figures.DisplayCores.Add((desktop.CpuSeconds() - display) / seconds);
    }

    private static void Tell(Report report, string encoding, List<Figures> figures)
    {
        foreach (var f in figures)
        {
            report.Add($"{encoding}, a desktop that scrolls, {f.Name}", string.Create(CultureInfo.InvariantCulture,
                $"{ProxyBench.Median(f.UpdatesPerSecond):0.0} updates/s, {ProxyBench.Median(f.MegabytesPerSecond):0.0} MB/s, {ProxyBench.Median(f.CpuSecondsPerGigabyte):0.00} CPU s/GB; the X server used {100 * ProxyBench.Median(f.DisplayCores):0} % of a core"));
        }

        var best = figures.Skip(2).MaxBy(f => ProxyBench.Median(f.UpdatesPerSecond))!;
        var ratio = ProxyBench.Median(figures[1].UpdatesPerSecond) / ProxyBench.Median(best.UpdatesPerSecond);
        var direct = ProxyBench.Median(figures[1].UpdatesPerSecond) / ProxyBench.Median(figures[0].UpdatesPerSecond);
        report.Add($"{encoding}: updates/s beside the best peer; the X server is the bottleneck", string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x {best.Name}, {direct:0.00}x direct"));
    }

    private static byte[] Wish(int[] encodings)
    {
        var wish = new byte[20 + 4 + (4 * encodings.Length)];
        PixelFormat.Bgrx.Write(wish.AsSpan(4));
        wish[20] = ClientMessageType.SetEncodings;
        BinaryPrimitives.WriteUInt16BigEndian(wish.AsSpan(22), (ushort)encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(wish.AsSpan(24 + (4 * i)), encodings[i]);
        return wish;
    }

    private static byte[] Request(ServerInit display, bool incremental)
    {
        var message = new byte[10];
        message[0] = ClientMessageType.FramebufferUpdateRequest;
        message[1] = incremental ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)display.Width);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)display.Height);
        return message;
    }
}
