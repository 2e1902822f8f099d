using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>
/// A connection that began as an HTTP request and goes on as raw bytes both ways (101 UPGRADED, or 200 from older engines).
/// HttpClient cannot half-close such a connection, so this writes the request itself.
/// </summary>
internal sealed class HijackedStream : Stream
{
    private const int LongestHead = 16 * 1024;
    private readonly Stream _inner;
    private ReadOnlyMemory<byte> _early;

    private HijackedStream(Stream inner, ReadOnlyMemory<byte> early) => (_inner, _early) = (inner, early);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static async Task<HijackedStream> OpenAsync(EngineAddress address, string path, byte[] body, CancellationToken ct)
    {
        var stream = await address.ConnectAsync(ct);
        try
        {
            var head = string.Create(CultureInfo.InvariantCulture,
                $"POST {path} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(body).ToArray(), ct);
            var (status, early) = await ReadHeadAsync(stream, ct);
            if (status is HttpStatusCode.SwitchingProtocols or HttpStatusCode.OK)
                return new(stream, early);
            throw new EngineFailure(status, EngineMessage.Read(Encoding.UTF8.GetString(early.Span)) ?? $"the engine answered {(int)status}");
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says "no more input" and keeps reading.</summary>
    public async Task CloseWriteAsync(CancellationToken ct)
    {
        await _inner.FlushAsync(ct);
        if (_inner is SslStream secure)
            await secure.ShutdownAsync();
        else
            ((NetworkStream)_inner).Socket.Shutdown(SocketShutdown.Send);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_early.IsEmpty)
            return await _inner.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(_early.Length, buffer.Length);
        _early[..count].CopyTo(buffer);
        _early = _early[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronous reads");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronous writes");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }

    private static async Task<(HttpStatusCode Status, ReadOnlyMemory<byte> Early)> ReadHeadAsync(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[LongestHead];
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(filled), ct);
            if (count == 0)
                throw new IOException("the engine closed the connection before it answered");
            filled += count;
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            var line = Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan().IndexOf((byte)'\r')).Split(' ');
            if (line.Length < 2 || !int.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                throw new IOException("the engine's answer is not HTTP");
            return ((HttpStatusCode)status, buffer.AsMemory(end + 4, filled - end - 4));
        }

        throw new IOException("the engine's answer has no end");
    }
}
