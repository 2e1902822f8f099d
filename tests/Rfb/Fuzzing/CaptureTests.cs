using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Tests.Messages;
using StreamSpace.Rfb.Tests.Servers;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Rfb.Tests.Fuzzing;

/// <summary>
/// Captures what real servers send: an update of a small mosaic, a change, another update, in each encoding. With STREAMSPACE_CAPTURE_CORPUS set to a folder the
/// files are written there (that is how tests/Rfb/Corpus came to be); without it the capture is made, decoded and forgotten.
/// </summary>
public sealed class CaptureTests
{
    private const int Width = 128;
    private const int Height = 96;

    [RequiresFact("tigervnc")]
    public Task TigerVnc() => CaptureAsync("tigervnc", RfbEncoding.Rre, RfbEncoding.Hextile, RfbEncoding.Tight, RfbEncoding.Zrle);

    [RequiresFact("x11vnc")]
    public Task X11Vnc() => CaptureAsync("x11vnc", RfbEncoding.CoRre, RfbEncoding.Hextile, RfbEncoding.Zlib, RfbEncoding.Tight, RfbEncoding.Zrle);

    [RequiresFact("tightvnc")]
    public Task TightVnc() => CaptureAsync("tightvnc", RfbEncoding.Raw, RfbEncoding.Zlib, RfbEncoding.Tight);

    private static async Task CaptureAsync(string name, params int[] encodings)
    {
        await using var server = await ServerProcess.StartAsync(name);
        using var painter = new XPainter(server.Display);
        foreach (var encoding in encodings)
        {
            foreach (var quality in encoding == RfbEncoding.Tight ? new int?[] { null, 5 } : [null])
            {
                painter.Put(0, 0, Width, Height, Mosaic(1));
                var bytes = await CaptureAsync(server, painter, encoding, quality);
                if (Environment.GetEnvironmentVariable("STREAMSPACE_CAPTURE_CORPUS") is { Length: > 0 } folder)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{encoding}{(quality is null ? "" : "-jpeg")}.rfb"), [.. Wire.U16(Width), .. Wire.U16(Height), .. bytes]);
            }
        }
    }

    private static async Task<byte[]> CaptureAsync(ServerProcess server, XPainter painter, int encoding, int? quality)
    {
        await using var tap = new TappedStream(await server.DialAsync());
        var options = new RfbClientOptions
        {
            Quality = quality, ExtendedClipboard = true,
            Encodings = [encoding, RfbEncoding.CopyRect, RfbEncoding.LastRect, RfbEncoding.Cursor, RfbEncoding.Fence, RfbEncoding.ContinuousUpdates, RfbEncoding.DesktopName, RfbEncoding.QemuExtendedKey],
        };
        await using var client = await RfbClient.ConnectAsync(tap, null, EncodingMatrixTests.Soon(20), options);
        tap.Heard.Clear();
        await UpdateAsync(client, incremental: false);
        painter.Put(0, 0, Width, Height / 2, Mosaic(2).AsSpan(0, Width * Height / 2));
        painter.Copy(0, 40, 20, 30, 60, 40);
        await UpdateAsync(client, incremental: true);
        Assert.True(client.Updates >= 2);
        return [.. tap.Heard];
    }

    private static async Task UpdateAsync(RfbClient client, bool incremental)
    {
        await client.SendAsync(Wire.Request(incremental, Width, Height), EncodingMatrixTests.Soon(10));
        while (await client.ReadAsync(EncodingMatrixTests.Soon(10)) != ServerMessageType.FramebufferUpdate)
            continue;
    }

    /// <summary>Every fifth pixel of the large scene: all its parts in little room.</summary>
    private static int[] Mosaic(int seed)
    {
        var scene = Scene.Paint(seed);
        var small = new int[Width * Height];
        for (var i = 0; i < small.Length; i++)
            small[i] = scene[(i / Width * 5 * Scene.Width) + (i % Width * 5)];
        return small;
    }

    /// <summary>Remembers what was read through it.</summary>
    private sealed class TappedStream(Stream inner) : Stream
    {
        public List<byte> Heard { get; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var got = await inner.ReadAsync(buffer, cancellationToken);
            Heard.AddRange(buffer.Span[..got]);
            return got;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
