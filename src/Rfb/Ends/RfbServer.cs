using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Rfb.Ends;

/// <summary>How a <see cref="RfbServer"/> behaves.</summary>
/// <param name="Minor">Protocol 3.3, 3.7 or 3.8.</param>
/// <param name="Password">Asks for VncAuth with this password; null asks for nothing.</param>
/// <param name="Name">Desktop name.</param>
/// <param name="Fences">Announces and answers fences and continuous updates, as TigerVNC does.</param>
public sealed record RfbServerOptions(int Minor = 8, string? Password = null, string Name = "scripted", bool Fences = false);

/// <summary>
/// The smallest RFB server that real viewers accept: one picture, sent Raw to whoever asks, and a record of what arrives. For tests and for the fake
/// runtime; nothing here is fast.
/// </summary>
public sealed class RfbServer(int width, int height, RfbServerOptions? options = null)
{
    private readonly RfbServerOptions _options = options ?? new();
    private readonly ConcurrentDictionary<Connection, bool> _connections = [];
    private readonly Lock _lock = new();
    private long _version;

    /// <summary>The picture; change it by <see cref="Draw"/>.</summary>
    public Picture Picture { get; } = new(width, height);

    /// <summary>Called for each message of a viewer, with its bytes (at most 64 KiB of content).</summary>
    public Action<ClientMessage, ReadOnlyMemory<byte>>? Received { get; set; }

    /// <summary>As <see cref="Received"/>; what it hands to the function is sent to that viewer as it is.</summary>
    public Action<ClientMessage, ReadOnlyMemory<byte>, Action<byte[]>>? ReceivedFrom { get; set; }

    /// <summary>Viewers connected now.</summary>
    public int Connections => _connections.Count;

    /// <summary>Changes the picture and sends it to everybody who waits for a change.</summary>
    public void Draw(Action<Picture> change)
    {
        lock (_lock)
        {
            change(Picture);
            _version++;
        }
        foreach (var connection in _connections.Keys)
            connection.Wake();
    }

    /// <summary>Sends bytes to every viewer as they are.</summary>
    public void Send(byte[] bytes)
    {
        foreach (var connection in _connections.Keys)
            connection.Send(bytes);
    }

    /// <summary>Serves one viewer until it leaves or breaks the protocol.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken ct)
    {
        await HandshakeAsync(stream, ct);
        var connection = new Connection(this);
        _connections[connection] = true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var writing = connection.WriteAsync(stream, over.Token);
            await connection.ReadAsync(stream, over.Token);
            await over.CancelAsync();
            await writing;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The viewer left.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            await over.CancelAsync();
        }
    }

    private async Task HandshakeAsync(Stream stream, CancellationToken ct)
    {
        var reader = new ExactReader(stream);
        await stream.WriteAsync(RfbVersion.ToBytes(_options.Minor), ct);
        var version = await reader.ReadAsync(RfbVersion.Length, ct);
        if (!RfbVersion.TryRead(version, out var minor))
            throw new RfbException(new(RfbFault.NotRfb, 0, 0));
        var security = _options.Password is null ? RfbSecurity.None : RfbSecurity.VncAuth;
        if (minor == 3)
            await stream.WriteAsync(new byte[] { 0, 0, 0, security }, ct);
        else
        {
            await stream.WriteAsync(new byte[] { 1, security }, ct);
            if ((await reader.ReadAsync(1, ct))[0] != security)
                throw new RfbException(new(RfbFault.NoCommonSecurity, reader.Offset, security));
        }
        if (_options.Password is { } password)
            await ChallengeAsync(stream, reader, password, minor, ct);
        else if (minor == 8)
            await stream.WriteAsync(new byte[4], ct);
        await reader.ReadAsync(1, ct);
        byte[] init;
        lock (_lock)
            init = new ServerInit((ushort)Picture.Width, (ushort)Picture.Height, PixelFormat.Bgrx, _options.Name).ToBytes();
        await stream.WriteAsync(init, ct);
    }

    private static async Task ChallengeAsync(Stream stream, ExactReader reader, string password, int minor, CancellationToken ct)
    {
        var challenge = RandomNumberGenerator.GetBytes(VncAuthentication.Length);
        await stream.WriteAsync(challenge, ct);
        var expected = new byte[VncAuthentication.Length];
        VncAuthentication.Answer(challenge, password, expected);
        var answer = await reader.ReadAsync(VncAuthentication.Length, ct);
        if (CryptographicOperations.FixedTimeEquals(expected, answer))
        {
            await stream.WriteAsync(new byte[4], ct);
            return;
        }
        await stream.WriteAsync(Refusal(minor), ct);
        throw new RfbException(new(RfbFault.Refused, reader.Offset, 0));
    }

    private static byte[] Refusal(int minor) => minor == 8 ? [0, 0, 0, 1, 0, 0, 0, 14, .. "wrong password"u8] : [0, 0, 0, 1];

    private byte[] FullUpdate(out long version)
    {
        lock (_lock)
        {
            version = _version;
            var update = new byte[16 + (4 * Picture.Pixels.Length)];
            update[3] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(update.AsSpan(8), (ushort)Picture.Width);
            BinaryPrimitives.WriteUInt16BigEndian(update.AsSpan(10), (ushort)Picture.Height);
            MemoryMarshal.AsBytes(Picture.Pixels).CopyTo(update.AsSpan(16));
            return update;
        }
    }

    private sealed class Connection(RfbServer server)
    {
        private readonly Channel<byte[]?> _outgoing = Channel.CreateUnbounded<byte[]?>();
        private readonly Lock _state = new();
        private bool _waiting; // the viewer asked, and the picture has not changed since it was sent
        private long _sent = -1;
        private bool _fenced;

        public void Send(byte[] bytes) => _outgoing.Writer.TryWrite(bytes);

        public void Wake()
        {
            lock (_state)
            {
                if (!_waiting || _sent == Interlocked.Read(ref server._version))
                    return;
                _waiting = false;
            }
            _outgoing.Writer.TryWrite(null);
        }

        public async Task WriteAsync(Stream stream, CancellationToken ct)
        {
            await foreach (var bytes in _outgoing.Reader.ReadAllAsync(ct))
            {
                if (bytes is not null)
                {
                    await stream.WriteAsync(bytes, ct);
                    continue;
                }
                var update = server.FullUpdate(out var version);
                lock (_state)
                    _sent = version;
                await stream.WriteAsync(update, ct);
            }
        }

        public async Task ReadAsync(Stream stream, CancellationToken ct)
        {
            var reader = new ClientMessageReader();
            var buffer = new byte[128 * 1024];
            var filled = 0;
            while (true)
            {
                var taken = Take(reader, buffer.AsMemory(0, filled));
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
                var got = reader.Error.Fault != RfbFault.None || filled == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(filled), ct);
                if (got == 0)
                    return;
                filled += got;
            }
        }

        private int Take(ClientMessageReader reader, ReadOnlyMemory<byte> input)
        {
            var taken = 0;
            while (reader.TryRead(input.Span[taken..], out var message) == ReadStatus.Message && input.Length - taken >= message.Length)
            {
                reader.Take(message);
                Answer(message, input.Slice(taken, (int)message.Length));
                taken += (int)message.Length;
            }
            return taken;
        }

        private void Answer(in ClientMessage message, ReadOnlyMemory<byte> bytes)
        {
            server.Received?.Invoke(message, bytes);
            server.ReceivedFrom?.Invoke(message, bytes, Send);
            if (message.Type == ClientMessageType.FramebufferUpdateRequest && message.Flag)
            {
                lock (_state)
                    _waiting = true;
                Wake();
            }
            else if (message.Type == ClientMessageType.FramebufferUpdateRequest)
                _outgoing.Writer.TryWrite(null);
            else if (message.Type == ClientMessageType.SetEncodings && server._options.Fences && !_fenced)
            {
                _fenced = true;
                Send([ServerMessageType.Fence, 0, 0, 0, 0x80, 0, 0, 0, 0]);
                Send([ServerMessageType.EndOfContinuousUpdates]);
            }
            else if (message.Type == ClientMessageType.Fence && message.Flag)
            {
                var answer = bytes.ToArray();
                answer[4] = 0;
                Send(answer);
            }
        }
    }
}
