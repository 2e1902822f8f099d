using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace StreamSpace.Streaming.Relay;

/// <summary>
/// Our end of a viewer's WebSocket: frames are made here, over the upgraded stream. Once the RFB handshake is through, frames go straight to the
/// connection's socket where there is one (plain HTTP/1.1): the server's output pipe costs a copy and two thread changes per frame.
/// That is in order because the viewer has then answered everything that went through the pipe, so the pipe is empty.
/// </summary>
internal sealed class ViewerSocket(Stream stream, Socket? direct, CancellationToken aborted) : IDisposable
{
    /// <summary>Bytes that must be free in front of a payload.</summary>
    public const int HeaderSpace = 10;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private Socket? _socket;
    private long _sendingSince;
    private bool _closed;

    /// <summary>Ends when the connection is gone.</summary>
    public CancellationToken Aborted => aborted;

    /// <summary>The viewer takes and sends notes (text frames) beside the RFB stream.</summary>
    public bool Notes { get; init; }

    /// <summary>What the viewer sends.</summary>
    public Stream Input => stream;

    /// <summary>How long the frame that is on its way has been so; zero when none is.</summary>
    public TimeSpan StuckFor => Interlocked.Read(ref _sendingSince) is > 0 and var since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>A frame is on its way; another one would wait for it.</summary>
    public bool IsSending => _sending.CurrentCount == 0;

    /// <summary>From here on frames bypass the server's pipe, if they can.</summary>
    public void GoDirect() => _socket = direct;

    /// <summary>Sends one binary frame whose payload stands at <see cref="HeaderSpace"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(byte[] buffer, int length, CancellationToken ct)
    {
        var header = WriteHeader(buffer, 2, length);
        await _sending.WaitAsync(ct);
        try
        {
            if (!_closed)
                await WriteAsync(buffer.AsMemory(HeaderSpace - header, header + length), ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends a short frame; binary, a note, or ping and pong.</summary>
    public async ValueTask SendSmallAsync(ReadOnlyMemory<byte> payload, int opcode, CancellationToken ct)
    {
        var buffer = new byte[HeaderSpace + payload.Length];
        payload.CopyTo(buffer.AsMemory(HeaderSpace));
        var header = WriteHeader(buffer, opcode, payload.Length);
        await _sending.WaitAsync(ct);
        try
        {
            if (!_closed)
                await WriteAsync(buffer.AsMemory(HeaderSpace - header), ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Pings, unless a frame is on its way: then the viewer has enough to answer.</summary>
    public ValueTask PingAsync(long stamp, CancellationToken ct)
    {
        if (IsSending)
            return ValueTask.CompletedTask;
        var payload = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(payload, stamp);
        return SendSmallAsync(payload, 9, ct);
    }

    /// <summary>Says why it ends; a viewer that does not read is not waited for longer than <paramref name="patience"/>.</summary>
    /// <returns>Whether the viewer's side took it.</returns>
    public async Task<bool> CloseAsync(int code, string sentence, TimeSpan patience)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        soon.CancelAfter(patience);
        try
        {
            await _sending.WaitAsync(soon.Token);
            try
            {
                if (_closed)
                    return false;
                var payload = ClosePayload(code, sentence);
                var buffer = new byte[HeaderSpace + payload.Length];
                payload.CopyTo(buffer, HeaderSpace);
                var header = WriteHeader(buffer, 8, payload.Length);
                await WriteAsync(buffer.AsMemory(HeaderSpace - header), soon.Token);
                return _closed = true;
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            return false; // it is gone, or it will be: the caller ends the connection
        }
    }

    /// <summary>
    /// Reads away what the viewer still sends, once nobody else reads: a connection that ends over unread bytes is reset, and the viewer may never see
    /// why it was closed.
    /// </summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        soon.CancelAfter(patience);
        try
        {
            var drain = new byte[1024];
            while (await stream.ReadAsync(drain, soon.Token) > 0)
            {
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            // That is what was waited for.
        }
    }

    public void Dispose() => _sending.Dispose();

    private static bool IsGone(Exception e) => e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or ViewerGone;

    internal static byte[] ClosePayload(int code, string sentence)
    {
        var text = Encoding.UTF8.GetBytes(sentence);
        var length = Math.Min(text.Length, 123);
        while (length < text.Length && length > 0 && (text[length] & 0xc0) == 0x80)
            length--; // never half a character
        var payload = new byte[2 + length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        text.AsSpan(0, length).CopyTo(payload.AsSpan(2));
        return payload;
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        Interlocked.Exchange(ref _sendingSince, Stopwatch.GetTimestamp());
        try
        {
            if (_socket is { } socket)
            {
                while (frame.Length > 0)
                    frame = frame[await socket.SendAsync(frame, SocketFlags.None, ct)..];
            }
            else
            {
                await stream.WriteAsync(frame, ct);
                await stream.FlushAsync(ct);
                if (aborted.IsCancellationRequested)
                    throw new ViewerGone(); // the server's stream swallows writes to a peer that is gone
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw new ViewerGone();
        }
        Interlocked.Exchange(ref _sendingSince, 0);
    }

    /// <summary>Writes the header right in front of the payload.</summary>
    /// <returns>Its length: 2, 4 or 10, as short as the protocol demands.</returns>
    private static int WriteHeader(Span<byte> buffer, int opcode, int length)
    {
        var header = length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10;
        var place = buffer[(HeaderSpace - header)..];
        place[0] = (byte)(0x80 | opcode);
        if (header == 2)
            place[1] = (byte)length;
        else if (header == 4)
        {
            place[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(place[2..], (ushort)length);
        }
        else
        {
            place[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(place[2..], length);
        }
        return header;
    }
}

/// <summary>The viewer's connection is gone; told apart from the display's.</summary>
internal sealed class ViewerGone() : Exception("The viewer is gone.");
