using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>Our end of a pseudo terminal as a stream. Its end of file is the moment the last program closed the other end.</summary>
internal sealed class PtyStream(int file, FileEvents readiness) : Stream
{
    private int _closed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (count, error) = TryRead(buffer.Span);
            if (count >= 0)
                return count;
            if (error == Libc.Eio)
                return 0;
            if (error == Libc.Eagain)
                await readiness.WaitAsync(file, FileEvents.Readable, cancellationToken);
            else if (error != Libc.Eintr)
                throw new IOException($"the terminal: error {error}");
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (count, error) = TryWrite(buffer.Span);
            if (count > 0)
                buffer = buffer[count..];
            else if (error == Libc.Eagain)
                await readiness.WaitAsync(file, FileEvents.Writable, cancellationToken);
            else if (error != Libc.Eintr)
                throw new IOException("the terminal is closed");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public unsafe bool Resize(int columns, int rows)
    {
        const nuint setWindowSize = 0x5414;
        var size = stackalloc ushort[] { (ushort)rows, (ushort)columns, 0, 0 };
        return Libc.Ioctl(file, setWindowSize, size) == 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _closed, 1) == 0)
        {
            readiness.Forget(file);
            _ = Libc.Close(file);
        }

        base.Dispose(disposing);
    }

    private unsafe (int Count, int Error) TryRead(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, this);
        fixed (byte* at = buffer)
        {
            var count = (int)Libc.Read(file, at, buffer.Length);
            return (count, count < 0 ? Libc.LastError : 0);
        }
    }

    private unsafe (int Count, int Error) TryWrite(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, this);
        fixed (byte* at = buffer)
        {
            var count = (int)Libc.Write(file, at, buffer.Length);
            return (count, count < 0 ? Libc.LastError : 0);
        }
    }
}
