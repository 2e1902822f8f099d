using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>A program's standard output to read and its standard input to write, out of a multiplexed connection.</summary>
internal sealed class PipeStream(HijackedStream inner) : Stream
{
    private readonly Frames _frames = new(inner);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of nothing waits for nothing here: there is no telling whether the next frame is output or an error text.
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            var (source, count) = await _frames.ReadAsync(buffer, cancellationToken);
            if (count == 0 || source == Frames.Output)
                return count;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronous reads");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronous writes");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
