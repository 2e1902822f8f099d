using System.Globalization;
using System.Net.Sockets;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Bench.Sessions;

/// <summary>
/// From a key pressed at a real terminal to the frame that shows it: through ticket, WebSocket and proxy, and beside them straight at the X server's socket
/// (it has no TCP port). One run, one session, taking turns; both clients read and ask for the same.
/// </summary>
internal static class PixelBench
{
    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        var run = Directory.CreateTempSubdirectory("ssr-").FullName;
        File.SetUnixFileMode(run, (UnixFileMode)0b111_001_001); // sessions' uids pass through
        try
        {
            await using var server = await ServerProcess.StartAsync(new ServerSettings { Environment = { ["Runtimes__Local__RunDirectory"] = run } });
            using var client = await server.LogInAsync();
            var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Runtime = "local" }, ct);
            await client.UntilAsync(session.Id, [Phases.Running], _ => { }, ct);
            await using var viewer = await Viewing.ConnectAsync(client, session.Id, ct);
            await viewer.FirstPictureAsync(ct);
            await using var beside = await DirectAsync(run, ct);
            await beside.FirstPictureAsync(ct);
            await Task.Delay(1500, ct);
            await MeasureAsync(report, new(viewer), new(beside), 5 * n, ct);
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static async Task MeasureAsync(Report report, Screen viewer, Screen beside, int n, CancellationToken ct)
    {
        Samples through = new(), direct = new();
        var typed = 0;
        for (var i = -5; i < n; i++) // the first ones compile the way and do not count
        {
            foreach (var (screen, samples) in new[] { (viewer, through), (beside, direct) })
            {
                var took = await screen.KeyToFrameAsync(Screen.Key(typed++), ct);
                if (i >= 0)
                    samples.Add(took);
            }
        }

        report.Add("local: key to the frame that shows it, straight at the X server's socket", direct.Text("0.00"));
        report.Add("local: key to the frame that shows it, through ticket, WebSocket and proxy", through.Text("0.00"));
        report.Add("added by the way through", string.Create(CultureInfo.InvariantCulture, $"p50 {through.P50 - direct.P50:0.00}, p99 {through.P99 - direct.P99:0.00} ms; {through.P50 / direct.P50:0.00}x at the median"));
    }

    private static async Task<RfbClient> DirectAsync(string run, CancellationToken ct)
    {
        var path = Directory.EnumerateDirectories(run).Select(folder => Path.Combine(folder, "rfb", "s")).Single(File.Exists);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        return await RfbClient.ConnectAsync(new NetworkStream(socket, ownsSocket: true), null, ct);
    }
}
