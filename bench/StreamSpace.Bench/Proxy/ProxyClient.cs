using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Handshakes;

namespace StreamSpace.Bench.Proxy;

/// <summary>One viewer, the same for every contestant: over plain TCP, or over a WebSocket with framing of its own so that no library is measured.</summary>
internal sealed class ProxyClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer;
    private readonly bool _framed;
    private int _at;
    private int _end;
    private long _frameLeft;

    private ProxyClient(Socket socket, bool framed, int bufferBytes) => (_socket, _framed, _buffer) = (socket, framed, new byte[bufferBytes]);

    public static async Task<ProxyClient> ConnectAsync(int port, string? path, int bufferBytes = 512 * 1024)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var client = new ProxyClient(socket, path is not null, bufferBytes);
        if (path is not null)
            await client.UpgradeAsync(path);
        await client.ReadAsync(12);
        await client.SendAsync(RfbVersion.ToBytes(8).ToArray());
        await client.ReadAsync(2);
        await client.SendAsync([1]);
        await client.ReadAsync(4);
        await client.SendAsync([1]);
        var init = await client.ReadAsync(24);
        client.Init = new(BinaryPrimitives.ReadUInt16BigEndian(init), BinaryPrimitives.ReadUInt16BigEndian(init.AsSpan(2)), PixelFormat.Bgrx,
            Encoding.UTF8.GetString(await client.ReadAsync(BinaryPrimitives.ReadInt32BigEndian(init.AsSpan(20)))));
        return client;
    }

    /// <summary>What the display told about itself; its pixel format is not looked at.</summary>
    public ServerInit Init { get; private set; } = null!;

    /// <summary>Asks for so many MiB and reads them. With a text, the clipboard moves in both directions once in so many MiB; every such text must arrive.</summary>
    public async Task DownloadAsync(int mebibytes, int clipboardEvery = 0)
    {
        var request = Request(incremental: false);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), (ushort)mebibytes);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(8), (ushort)clipboardEvery);
        await SendAsync(request);
        var all = ProxySource.BytesFor(mebibytes, clipboardEvery);
        var next = clipboardEvery == 0 ? long.MaxValue : ProxySource.BytesFor(clipboardEvery);
        for (long have = 0; have < all;)
        {
            have += await SomeAsync(all - have, null);
            for (; have >= next && clipboardEvery > 0; next += ProxySource.BytesFor(clipboardEvery))
                await SendAsync(ProxySource.TextToSession);
        }
    }

    /// <summary>Asks the display for a text that no policy lets out, and gives it one; answers whether anything of the first arrived.</summary>
    public async Task<bool> TryCardAsync()
    {
        await SendAsync(ProxySource.CardToSession);
        var request = Request(incremental: false);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(8), ProxySource.CardWanted);
        await SendAsync(request);
        var next = await ReadAsync(1);
        if (next[0] != ServerMessageType.FramebufferUpdate)
            return true;
        await ReadAsync((int)ProxySource.BytesFor(1) - 1);
        return false;
    }

    /// <summary>Asks for one update, of 64 bytes or some KiB. How long it was on the way, and how long question and answer took together, in ticks.</summary>
    public async Task<(long OneWay, long RoundTrip)> PingAsync(byte kibibytes = 1)
    {
        var asked = Stopwatch.GetTimestamp();
        var request = Request(incremental: true);
        request[7] = kibibytes;
        await SendAsync(request);
        var message = await ReadAsync(ProxySource.BytesForUpdate(kibibytes));
        var now = Stopwatch.GetTimestamp();
        return (now - BinaryPrimitives.ReadInt64BigEndian(message.AsSpan(16)), now - asked);
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Request(bool incremental) => [3, incremental ? (byte)1 : (byte)0, 0, 0, 0, 0, 0, 1, 0, 1];

    private async Task UpgradeAsync(string path)
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        while (true)
        {
            _end += await _socket.ReceiveAsync(_buffer.AsMemory(_end));
            var header = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8);
            if (header < 0)
                continue;
            if (!_buffer.AsSpan(0, _end).StartsWith("HTTP/1.1 101"u8))
                throw new InvalidOperationException(Encoding.ASCII.GetString(_buffer, 0, header));
            _at = header + 4;
            return;
        }
    }

    public async Task SendAsync(byte[] payload)
    {
        if (!_framed)
        {
            await _socket.SendAsync(payload);
            return;
        }
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + 4 + payload.Length]; // masked with zeros: legal, and free
        frame[0] = 0x82;
        frame[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        payload.CopyTo(frame, head + 4);
        await _socket.SendAsync(frame);
    }

    /// <summary>Takes what has come of the display's bytes, at least one.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> target) => (int)await SomeAsync(target.Length, target);

    private async Task<byte[]> ReadAsync(int length)
    {
        var result = new byte[length];
        for (var have = 0; have < length;)
            have += (int)await SomeAsync(length - have, result.AsMemory(have));
        return result;
    }

    /// <summary>Takes up to so many bytes of payload, unwrapping frames.</summary>
    private async ValueTask<long> SomeAsync(long most, Memory<byte>? target)
    {
        while (true)
        {
            if (_framed && _frameLeft == 0 && !ReadFrameHeader())
            {
                await FillAsync();
                continue;
            }
            var part = (int)Math.Min(most, Math.Min(_framed ? _frameLeft : long.MaxValue, _end - _at));
            if (part == 0)
            {
                await FillAsync();
                continue;
            }
            if (target is { } memory)
                _buffer.AsMemory(_at, part).CopyTo(memory);
            _at += part;
            _frameLeft -= _framed ? part : 0;
            return part;
        }
    }

    private bool ReadFrameHeader()
    {
        var have = _buffer.AsSpan(_at, _end - _at);
        if (have.Length < 2)
            return false;
        int length = have[1] & 0x7f, header = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (have.Length < header)
            return false;
        _frameLeft = length switch { 126 => BinaryPrimitives.ReadUInt16BigEndian(have[2..]), 127 => BinaryPrimitives.ReadInt64BigEndian(have[2..]), _ => length };
        if ((have[0] & 0x0f) >= 8)
        {
            // Pings are only skipped. What stands behind one may be here already, and nothing more may come.
            if (have.Length < header + _frameLeft)
            {
                _frameLeft = 0;
                return false;
            }
            _at += header + (int)_frameLeft;
            _frameLeft = 0;
            return ReadFrameHeader();
        }
        _at += header;
        return true;
    }

    private async ValueTask FillAsync()
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            _end -= _at;
            _at = 0;
        }
        var got = await _socket.ReceiveAsync(_buffer.AsMemory(_end));
        if (got == 0)
            throw new EndOfStreamException("The proxy closed the connection.");
        _end += got;
    }
}
