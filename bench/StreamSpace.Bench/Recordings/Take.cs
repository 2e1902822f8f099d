using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using StreamSpace.Recordings;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Bench.Recordings;

/// <summary>A complete update: when it is shown, its bytes, and what the picture then is at some points.</summary>
/// <param name="At">Milliseconds from the segment's start.</param>
/// <param name="Bytes">Bytes of the display, whole messages.</param>
/// <param name="Points">Red, green and blue of each point.</param>
internal sealed record Frame(long At, byte[] Bytes, byte[] Points)
{
    private const int Tolerance = 80; // as in the page: two decoders of JPEG differ a little

    /// <summary>Share of the points that are alike in another picture.</summary>
    public double Agrees(Frame other)
    {
        var alike = 0;
        for (var i = 0; i < Points.Length; i += 3)
        {
            if (Near(other, i) && Near(other, i + 1) && Near(other, i + 2))
                alike++;
        }

        return 3.0 * alike / Points.Length;
    }

    private bool Near(Frame other, int i) => Math.Abs(Points[i] - other.Points[i]) <= Tolerance;
}

/// <summary>Three seconds of a real display, as the recorder takes them, spread over a minute.</summary>
/// <param name="Init">The display's ServerInit.</param>
/// <param name="Frames">In the order of time; the first one is the whole picture and keeps its time.</param>
internal sealed record Take(ServerInit Init, IReadOnlyList<Frame> Frames)
{
    public const int Across = 40;
    public const int Down = 25;
    public const int SegmentMilliseconds = 60_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly RecordingsOptions Settings = new();

    public static async Task<Take> RecordAsync(int port, CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ss-take-{Guid.NewGuid():N}");
        try
        {
            var key = RandomNumberGenerator.GetBytes(SegmentFile.KeyLength);
            var init = await RecordAsync(port, path, key, ct);
            return new(init, FramesOf(init, await SegmentFile.ReadAsync(path, key, 1, ct)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<ServerInit> RecordAsync(int port, string path, byte[] key, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var init = await ServerHandshake.RunAsync(stream, null, RfbLimits.Default, ct);
        var header = new SegmentHeader(SegmentFormat.Version, "", "", 1, TimeProvider.System.GetUtcNow(), init.Width, init.Height, RecordedFormat.Of(SegmentTake.Rgbx));
        using var file = SegmentFile.Create(path, key, 1);
        var take = new SegmentTake(stream, init, new SegmentWriter(header), file, Settings, Settings.FramesPerSecond, TimeProvider.System, TimeProvider.System.GetTimestamp());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(Length);
        if (await take.RunAsync(enough.Token) is { } early)
            throw new InvalidOperationException($"The display's recording ended early: {early}.");
        take.Close("stopped");
        return init;
    }

    private static List<Frame> FramesOf(ServerInit init, byte[] segment)
    {
        using var decoder = new PictureDecoder(init.Width, init.Height, SegmentTake.Rgbx);
        var frames = new List<Frame>();
        var pending = new List<byte>();
        var reader = new SegmentReader(segment);
        var skip = true; // ServerInit is the first one
        while (reader.TryRead(out var chunk))
        {
            if (chunk.Kind != ChunkKind.Display || skip)
            {
                skip &= chunk.Kind != ChunkKind.Display;
                continue;
            }

            pending.AddRange(chunk.Content.Span);
            for (var rest = chunk.Content.Span; rest.Length > 0;)
            {
                rest = rest[decoder.Feed(rest).Taken..];
                if (decoder.Error.Fault != RfbFault.None)
                    throw new InvalidOperationException($"The display's recording cannot be read: {decoder.Error}.");
            }

            if (!decoder.AtBoundary)
                continue;
            // The first picture stays where it was: a player takes it for granted within half a second.
            var at = frames.Count == 0 ? Math.Min(chunk.Time, 400) : (long)(chunk.Time * SegmentMilliseconds / Length.TotalMilliseconds);
            frames.Add(new(Math.Min(at, SegmentMilliseconds - 100), [.. pending], PointsOf(decoder.Picture)));
            pending.Clear();
        }

        return frames.Count > 5 ? frames : throw new InvalidOperationException($"Only {frames.Count} pictures were recorded in {Length.TotalSeconds:0} s.");
    }

    /// <summary>The colours in the middles of a grid's fields.</summary>
    private static byte[] PointsOf(Picture picture)
    {
        var points = new byte[Across * Down * 3];
        for (var i = 0; i < Across * Down; i++)
        {
            var colour = picture[((2 * (i % Across)) + 1) * picture.Width / (2 * Across), ((2 * (i / Across)) + 1) * picture.Height / (2 * Down)];
            (points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
        }

        return points;
    }
}
