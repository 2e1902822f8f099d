using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Recorders;

/// <summary>
/// Takes one segment from one connection. Map: (1) pixels and encodings as the player wants them, the first whole picture; (2) read, follow, keep;
/// (3) after each picture the next is asked for, not before its time; (4) meanwhile what was kept is handed to the file twice a second, with a
/// tick; (5) the end.
/// </summary>
internal sealed class SegmentTake(Stream display, ServerInit init, SegmentWriter writer, SegmentFile file, RecordingsOptions options, int framesPerSecond, TimeProvider clock, long started)
{
    private static readonly TimeSpan Handing = TimeSpan.FromMilliseconds(500);

    // 32 bits, red in the lowest byte: what noVNC asks for, so that its picture of these bytes is right.
    internal static readonly PixelFormat Rgbx = new(32, 24, false, true, 255, 255, 255, 0, 8, 16);

    private readonly Lock _gate = new();
    private readonly ServerStream _server = new() { WithoutCutTexts = true };
    private Exception? _failure;
    private long _cutTexts;

    private TimeSpan Now => clock.GetElapsedTime(started);

    /// <summary>Adds something that happened beside the picture.</summary>
    public void Note(RecordedEvent what)
    {
        lock (_gate)
        {
            if (!writer.Closed)
                writer.Event(Now, what);
        }
    }

    /// <summary>The index as of now, and the segment's length.</summary>
    public (SegmentIndex Index, long Bytes) Sketch()
    {
        lock (_gate)
            return (writer.Index, writer.Length);
    }

    /// <summary>Records until the display ends, the segment is full, or the token is cancelled.</summary>
    /// <returns>Why it ended: <c>display</c>, <c>next</c>, or null when it was cancelled. The segment is not closed yet.</returns>
    public async Task<string?> RunAsync(CancellationToken ct)
    {
        lock (_gate)
            writer.Display(Now, init.ToBytes());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var handing = HandOverAsync(over);
        try
        {
            return await ReadAsync(over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            if (_failure is { } failure)
                throw new IOException("The segment could not be written.", failure);
            return ct.IsCancellationRequested ? null : "display";
        }
        finally
        {
            await over.CancelAsync();
            await handing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>(5) Closes the segment; nothing comes after.</summary>
    public void Close(string reason)
    {
        lock (_gate)
        {
            writer.Close(Now, reason);
            Hand();
            file.Sync();
        }
    }

    private async Task<string> ReadAsync(CancellationToken ct)
    {
        _server.Start(init with { Format = Rgbx });
        await display.WriteAsync(Hello(), ct); // (1)
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var asked = clock.GetTimestamp();
            long seen = 0;
            for (var kept = 0; ;)
            {
                var got = await display.ReadAsync(buffer.AsMemory(kept), ct); // (2)
                if (got == 0)
                    return "display";
                kept = Keep(buffer, kept + got);
                if (_server.Lost.Fault != RfbFault.None)
                    return "display";
                if (_server.Updates == seen)
                    continue;
                if (writer.Length > options.SegmentBytes)
                    return "next";
                seen = _server.Updates; // (3)
                var rest = TimeSpan.FromSeconds(1.0 / framesPerSecond) - clock.GetElapsedTime(asked);
                if (rest > TimeSpan.Zero)
                    await Task.Delay(rest, clock, ct);
                asked = clock.GetTimestamp();
                await display.WriteAsync(Request(incremental: true), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Keep(byte[] buffer, int length)
    {
        var step = _server.Process(buffer.AsSpan(0, length));
        lock (_gate)
        {
            if (step.Relay > 0)
                writer.Display(Now, buffer.AsSpan(0, step.Relay));
            if (_server.CutTextsSeen != _cutTexts)
                writer.Event(Now, new("clipboard", Direction: "from_session", Bytes: _server.CutTextBytes));
            _cutTexts = _server.CutTextsSeen;
        }
        buffer.AsSpan(step.Relay, step.Keep).CopyTo(buffer);
        return step.Keep;
    }

    /// <summary>(4)</summary>
    private async Task HandOverAsync(CancellationTokenSource over)
    {
        using var timer = new PeriodicTimer(Handing, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over.Token))
            {
                lock (_gate)
                {
                    writer.Tick(Now); // also behind pictures: they may be as old as the last tick, and the file shall tell of this moment
                    Hand();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = e; // a full disk: what is not kept must not look as if it were
            await over.CancelAsync();
        }
    }

    private void Hand()
    {
        if (writer.Pending.IsEmpty)
            return;
        file.Append(writer.Pending.Span);
        writer.Written();
    }

    private byte[] Hello()
    {
        int[] encodings =
        [
            RfbEncoding.CopyRect, RfbEncoding.Tight, RfbEncoding.Zrle, RfbEncoding.Hextile, RfbEncoding.Raw, RfbEncoding.DesktopSize, RfbEncoding.LastRect,
            -32 + options.Quality, -256 + 2,
        ];
        var hello = new byte[20 + 4 + (4 * encodings.Length) + 10];
        Rgbx.Write(hello.AsSpan(4));
        hello[20] = ClientMessageType.SetEncodings;
        BinaryPrimitives.WriteUInt16BigEndian(hello.AsSpan(22), (ushort)encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(hello.AsSpan(24 + (4 * i)), encodings[i]);
        Request(incremental: false).CopyTo(hello, hello.Length - 10);
        return hello;
    }

    private byte[] Request(bool incremental)
    {
        var message = new byte[10];
        message[0] = ClientMessageType.FramebufferUpdateRequest;
        message[1] = incremental ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)_server.Width);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)_server.Height);
        return message;
    }
}
