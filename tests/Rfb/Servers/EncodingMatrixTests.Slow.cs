using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Rfb.Tests.Servers;

/// <summary>
/// Every encoding of every server at hand, decoded: what was painted on the display is what the decoder shows, pixel for pixel, and stays so over many updates
/// (the zlib streams go on from one to the next).
/// </summary>
[Trait("Category", "Slow")]
public sealed class EncodingMatrixTests
{
    private static readonly PixelFormat Rgb565 = new(16, 16, false, true, 31, 63, 31, 11, 5, 0);
    private static readonly PixelFormat BigEndian = new(32, 24, true, true, 255, 255, 255, 16, 8, 0);
    private static readonly PixelFormat HighBytes = new(32, 24, false, true, 255, 255, 255, 8, 16, 24);

    [RequiresTheory("tigervnc")]
    [InlineData(RfbEncoding.Raw)]
    [InlineData(RfbEncoding.Rre)]
    [InlineData(RfbEncoding.Hextile)]
    [InlineData(RfbEncoding.Tight)]
    [InlineData(RfbEncoding.Zrle)]
    public Task TigerVnc(int encoding) => CompareAsync("tigervnc", encoding);

    [RequiresTheory("x11vnc")]
    [InlineData(RfbEncoding.Raw)]
    [InlineData(RfbEncoding.Rre)]
    [InlineData(RfbEncoding.CoRre)]
    [InlineData(RfbEncoding.Hextile)]
    [InlineData(RfbEncoding.Zlib)]
    [InlineData(RfbEncoding.Tight)]
    [InlineData(RfbEncoding.Zrle)]
    public Task X11Vnc(int encoding) => CompareAsync("x11vnc", encoding);

    [RequiresTheory("tightvnc")]
    [InlineData(RfbEncoding.Raw)]
    [InlineData(RfbEncoding.Rre)]
    [InlineData(RfbEncoding.CoRre)]
    [InlineData(RfbEncoding.Hextile)]
    [InlineData(RfbEncoding.Zlib)]
    [InlineData(RfbEncoding.Tight)]
    public Task TightVnc(int encoding) => CompareAsync("tightvnc", encoding);

    [RequiresTheory("qemu")]
    [InlineData(RfbEncoding.Hextile)]
    [InlineData(RfbEncoding.Zlib)]
    [InlineData(RfbEncoding.Tight)]
    [InlineData(RfbEncoding.Zrle)]
    public async Task Qemu(int encoding)
    {
        await using var server = await ServerProcess.StartAsync("qemu");
        await using var raw = await ConnectAsync(server, PixelFormat.Bgrx, RfbEncoding.Raw);
        await raw.WaitForAsync(p => p.HasContent, Soon(20));
        // Not BigEndian: with shifts like its own QEMU sends its own pixels, and forgets about the order of their bytes.
        foreach (var format in encoding == RfbEncoding.Zrle ? [PixelFormat.Bgrx] : new[] { PixelFormat.Bgrx, HighBytes }) // its ZRLE errs as x11vnc's does
        {
            await using var client = await ConnectAsync(server, format, encoding);
            await MatchesAsync(client, raw.Picture.Pixels.ToArray(), $"QEMU, encoding {encoding}, {format}");
            Assert.True(client.RectanglesOf(encoding) > 0, $"QEMU never used encoding {encoding}");
        }
    }

    [RequiresFact("tigervnc")]
    public Task TigerVnc_with_JPEG() => JpegAsync("tigervnc");

    [RequiresFact("x11vnc")]
    public Task X11Vnc_with_JPEG() => JpegAsync("x11vnc");

    [RequiresFact("tightvnc")]
    public Task TightVnc_with_JPEG() => JpegAsync("tightvnc");

    /// <summary>What JPEG leaves of a smooth picture is near it everywhere, and shorter than without.</summary>
    private static async Task JpegAsync(string name)
    {
        Assert.Null(TurboJpeg.Missing);
        await using var server = await ServerProcess.StartAsync(name);
        using var painter = new XPainter(server.Display);
        var scene = Scene.Smooth();
        painter.Put(0, 0, Scene.Width, Scene.Height, scene);
        await using var lossless = await ConnectAsync(server, PixelFormat.Bgrx, RfbEncoding.Tight);
        await lossless.WaitForAsync(p => p.Pixels.SequenceEqual(scene), Soon(10));
        var options = new RfbClientOptions { Encodings = [RfbEncoding.Tight, RfbEncoding.CopyRect, RfbEncoding.LastRect, RfbEncoding.Cursor], Quality = 8 };
        await using var client = await RfbClient.ConnectAsync(await server.DialAsync(), null, Soon(20), options);
        await client.WaitForAsync(p => IsNear(p.Pixels, scene, 24), Soon(10));
        Assert.False(client.Picture.Pixels.SequenceEqual(scene), "nothing was lost, so it was no JPEG");
        Assert.InRange(client.BytesRead, 1000, lossless.BytesRead * 3 / 4);
    }

    private static async Task CompareAsync(string name, int encoding)
    {
        await using var server = await ServerProcess.StartAsync(name);
        using var painter = new XPainter(server.Display);
        foreach (var format in new[] { PixelFormat.Bgrx, Rgb565, BigEndian, HighBytes })
        {
            // x11vnc's library takes blue << 24 for a negative number, hence the lower three bytes for those with the colour, and sends the wrong ones.
            if (name == "x11vnc" && encoding == RfbEncoding.Zrle && format == HighBytes)
                continue;
            var scene = Scene.Paint(1);
            painter.Put(0, 0, Scene.Width, Scene.Height, scene);
            await using var client = await ConnectAsync(server, format, encoding);
            await SeesAsync(server, client, scene, format, $"{name}, encoding {encoding}, {format}");
            for (var seed = 2; seed < 6; seed++)
            {
                Change(painter, scene, seed);
                await SeesAsync(server, client, scene, format, $"{name}, encoding {encoding}, change {seed}, {format}");
            }
            Plain(painter, scene);
            await SeesAsync(server, client, scene, format, $"{name}, encoding {encoding}, plain, {format}");
            Assert.True(client.RectanglesOf(encoding) > 0, $"{name} never used encoding {encoding}");
        }
    }

    private static async Task<RfbClient> ConnectAsync(ServerProcess server, PixelFormat format, int encoding)
    {
        var options = new RfbClientOptions { Format = format, Encodings = [encoding, RfbEncoding.CopyRect, RfbEncoding.LastRect, RfbEncoding.Cursor] };
        return await RfbClient.ConnectAsync(await server.DialAsync(), null, Soon(20), options);
    }

    /// <summary>A part is painted anew, another one moves.</summary>
    private static void Change(XPainter painter, int[] scene, int seed)
    {
        var other = Scene.Paint(seed);
        int x = 40 * seed, y = 30 * seed;
        var part = new int[200 * 150];
        for (var row = 0; row < 150; row++)
        {
            other.AsSpan(((y + row) * Scene.Width) + x, 200).CopyTo(part.AsSpan(row * 200));
            other.AsSpan(((y + row) * Scene.Width) + x, 200).CopyTo(scene.AsSpan(((y + row) * Scene.Width) + x));
        }
        painter.Put(x, y, 200, 150, part);
        painter.Copy(100, 120, 100, 100 + seed, 300, 200);
        var before = scene.ToArray();
        for (var row = 0; row < 200; row++)
            before.AsSpan(((120 + row) * Scene.Width) + 100, 300).CopyTo(scene.AsSpan(((100 + seed + row) * Scene.Width) + 100));
    }

    /// <summary>Few colours in few rectangles: RRE is taken only where it is shorter than Raw.</summary>
    private static void Plain(XPainter painter, int[] scene)
    {
        for (var i = 0; i < scene.Length; i++)
            scene[i] = (i % Scene.Width / 200, i / Scene.Width / 160) is (1, 1) ? 0xff0000 : 0x336699;
        painter.Put(0, 0, Scene.Width, Scene.Height, scene);
    }

    private static async Task SeesAsync(ServerProcess server, RfbClient client, int[] scene, PixelFormat format, string what)
    {
        // How a server rounds colours to fewer bits is its own affair: there the measure is its own Raw picture.
        await MatchesAsync(client, format.BitsPerPixel == 16 ? await RawAsync(server, scene, format) : scene, what);
    }

    private static async Task MatchesAsync(RfbClient client, int[] expected, string what)
    {
        try
        {
            await client.WaitForAsync(p => p.Pixels.SequenceEqual(expected), Soon(10));
        }
        catch (OperationCanceledException)
        {
            var different = Enumerable.Range(0, expected.Length).Where(i => client.Picture.Pixels[i] != expected[i]).ToList();
            Assert.Fail($"{what}: {different.Count} pixels differ, the first at {different[0] % client.Picture.Width},{different[0] / client.Picture.Width}: "
                + $"{client.Picture.Pixels[different[0]]:x6} for {expected[different[0]]:x6}");
        }
    }

    private static async Task<int[]> RawAsync(ServerProcess server, int[] scene, PixelFormat format)
    {
        await using var client = await ConnectAsync(server, format, RfbEncoding.Raw);
        await client.WaitForAsync(p => IsNear(p.Pixels, scene, 8), Soon(10));
        return client.Picture.Pixels.ToArray();
    }

    internal static bool IsNear(ReadOnlySpan<int> one, ReadOnlySpan<int> other, int tolerance)
    {
        for (var i = 0; i < one.Length; i++)
        {
            for (var shift = 0; shift < 24; shift += 8)
            {
                if (Math.Abs(((one[i] >> shift) & 0xff) - ((other[i] >> shift) & 0xff)) > tolerance)
                    return false;
            }
        }
        return one.Length == other.Length;
    }

    internal static CancellationToken Soon(int seconds) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;
}
