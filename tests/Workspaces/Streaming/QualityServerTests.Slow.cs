using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Tests.Servers;
using StreamSpace.Sessions.Tests;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>The same with TigerVNC, which paces itself by fences and mends still pictures by itself.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Slow")]
public sealed class QualityServerTests
{
    private const double Wanted = 4;

    [RequiresTheory("tigervnc")]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_film_on_a_slow_line_gets_a_lower_quality_and_is_as_good_as_wanted_when_it_stands_still(bool continuous, bool adapts)
    {
        await using var display = await ServerProcess.StartAsync("tigervnc");
        display.WaitForDisplay();
        await using var host = await StreamHost.StartAsync(settings: adapts ? null : new() { ["Streaming:LowestQuality"] = "9" });
        host.Runtime.SocketPath = display.SocketPath;
        using var line = new SlowLine(host.Address) { BytesPerSecond = 150_000 };
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        var (url, id) = await host.TicketAsync(owner, session);
        var socket = await host.SocketAsync(url, by: line.Address, protocol: "streamspace.v1");
        var options = new RfbClientOptions { Quality = 8, Compression = 2, Encodings = [.. RfbClientOptions.Lossless, RfbEncoding.Cursor, RfbEncoding.Fence, RfbEncoding.ContinuousUpdates] };
        await using var viewer = new TestViewer(id, socket, await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false), null, StreamHost.Soon, options));
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var reading = ReadAsync(viewer.Rfb, continuous, over.Token);

        var last = new int[Scene.Width * Scene.Height];
        using var painter = new XPainter(display.Display);
        var lowest = 9;
        var changes = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var meters = new System.Diagnostics.Metrics.MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "streamspace_quality_changes") l.EnableMeasurementEvents(i); } };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => changes.Enqueue($"{tags[0].Value}"));
        meters.Start();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < (adapts ? 25 : 5) && lowest > 4; await Task.Delay(50))
        {
            last = Film((int)watch.ElapsedMilliseconds);
            painter.Put(0, 0, Scene.Width, Scene.Height, last);
            lowest = Math.Min(lowest, await LevelAsync(host, owner, session));
        }
        if (adapts)
            Assert.InRange(lowest, 1, 4);

        // What the viewer asked for is JPEG of level 8, which is not exact; what it got meanwhile is several times as far off.
        for (var watch = Stopwatch.StartNew(); Difference(viewer.Rfb, last) > Wanted; await Task.Delay(100))
            Assert.True(watch.Elapsed.TotalSeconds < 30, $"The still picture stayed {Difference(viewer.Rfb, last):0.0} off; {viewer.Rfb.BytesRead} bytes in {viewer.Rfb.Updates} updates; {string.Join(' ', changes)}");
        await ProxyTests.Eventually(async () => await LevelAsync(host, owner, session) >= 6);
        await over.CancelAsync();
        await reading;
    }

    /// <summary>9 while nothing is known yet.</summary>
    private static async Task<int> LevelAsync(StreamHost host, Contracts.Identity.LoginFacts owner, Contracts.Sessions.SessionFacts session)
    {
        var quality = (await host.As(owner).GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session.Id}/viewers")).GetProperty("items")[0].GetProperty("quality");
        return quality.ValueKind == JsonValueKind.Object ? quality.GetProperty("level").GetInt32() : 9;
    }

    /// <summary>Mean of what a channel of a pixel is off, 0 to 255.</summary>
    private static double Difference(RfbClient viewer, int[] wanted)
    {
        long sum = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            var got = viewer.Picture.Pixels[i];
            for (var shift = 0; shift < 24; shift += 8)
                sum += Math.Abs(((got >> shift) & 255) - ((wanted[i] >> shift) & 255));
        }
        return sum / (3.0 * wanted.Length);
    }

    private static int[] Film(int time)
    {
        var pixels = Scene.Paint(time);
        var random = new Random(time);
        for (var i = 0; i < pixels.Length / 3; i++)
            pixels[i] = random.Next(1 << 24);
        return pixels;
    }

    private static async Task ReadAsync(RfbClient viewer, bool continuous, CancellationToken ct)
    {
        try
        {
            await viewer.RequestAsync(incremental: false, ct);
            var on = false;
            while (true)
            {
                var type = await viewer.ReadAsync(ct);
                if (continuous && !on && type == ServerMessageType.EndOfContinuousUpdates)
                {
                    on = true;
                    await viewer.SendAsync(new byte[] { 150, 1, 0, 0, 0, 0, Scene.Width >> 8, Scene.Width & 255, Scene.Height >> 8, Scene.Height & 255 }, ct);
                }
                if (!on && type == ServerMessageType.FramebufferUpdate)
                    await viewer.RequestAsync(incremental: true, ct);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RfbException or WebSocketException)
        {
            // The test is over.
        }
    }
}
