using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Tests.Servers;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using StreamSpace.Tests.Shared;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

/// <summary>Every server at hand is recorded, and the recording plays what it showed.</summary>
[Trait("Category", "Slow")]
public sealed class RecordedServersTests
{
    /// <summary>Mean of what a channel may be off, 0 to 255: recordings are JPEG where a picture is like a photograph.</summary>
    private const double AsGoodAsJpeg = 6;

    [RequiresFact("tigervnc")]
    public Task TigerVnc() => RecordedAsync("tigervnc");

    [RequiresFact("x11vnc")]
    public Task X11Vnc() => RecordedAsync("x11vnc");

    [RequiresFact("tightvnc")]
    public Task TightVnc() => RecordedAsync("tightvnc");

    [RequiresFact("qemu")]
    public Task Qemu() => RecordedAsync("qemu");

    private static async Task RecordedAsync(string name)
    {
        await using var server = await ServerProcess.StartAsync(name);
        await using var bed = await StartAsync(runtime: new FakeRuntime { Behind = server.DialAsync });
        var (ada, session) = await bed.RunningAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var live = await RfbClient.ConnectAsync(await server.DialAsync(), null, soon.Token, new() { Encodings = [RfbEncoding.Zrle, RfbEncoding.Hextile, RfbEncoding.Raw] });
        if (name == "qemu")
            await live.WaitForAsync(p => p.HasContent, soon.Token); // the firmware's words
        else
            server.WaitForDisplay();
        var recording = await RecorderTests.RecordAsync(ada, session);
        await RecorderTests.PlaysAsync(ada, recording, 1);
        using var painter = name == "qemu" ? null : new XPainter(server.Display);
        for (var time = 0; time < 20; time++)
        {
            painter?.Put(0, 0, Scene.Width, Scene.Height, Scene.Paint(time * 100));
            await Task.Delay(100);
        }

        await Task.Delay(2000);
        await RecorderTests.StopAsync(ada, session, recording);
        var last = (await Playback.ListAsync(ada, recording)).Count;
        var played = await Playback.PictureAsync(await Playback.SegmentAsync(ada, recording, last));
        await live.RequestAsync(incremental: false, soon.Token);
        var whole = live.Painted + ((long)live.Picture.Width * live.Picture.Height);
        await live.WaitForAsync(_ => live.Painted >= whole, soon.Token);
        Assert.Equal((live.Picture.Width, live.Picture.Height), (played.Width, played.Height));
        Assert.InRange(Difference(live.Picture.Pixels, played.Pixels), 0, AsGoodAsJpeg);
        Assert.True(played.HasContent);
    }

    private static double Difference(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        long sum = 0;
        for (var i = 0; i < one.Length; i++)
        {
            for (var shift = 0; shift < 24; shift += 8)
                sum += Math.Abs(((one[i] >> shift) & 255) - ((other[i] >> shift) & 255));
        }

        return sum / (3.0 * one.Length);
    }
}
