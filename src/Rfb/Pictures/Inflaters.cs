using System.IO.Compression;

namespace StreamSpace.Rfb.Pictures;

/// <summary>
/// The zlib streams of a connection: 0 to 3 Tight, 4 Zlib, 5 ZRLE. Each goes on from rectangle to rectangle; one block is read at a time, and no more of it
/// than is asked for, so what a block would expand to costs nothing.
/// </summary>
internal sealed class Inflaters : IDisposable
{
    public const int Zlib = 4;

    public const int Zrle = 5;

    /// <summary>Bytes that a block may hold beyond what its rectangle needs; they are dropped.</summary>
    private const int Surplus = 64 * 1024;

    private readonly Block _block = new();
    private readonly ZLibStream?[] _streams = new ZLibStream?[6];
    private byte[] _plain = [];
    private int _from;
    private int _to;
    private ZLibStream? _stream;

    /// <summary>Starts a block of a stream.</summary>
    public void Begin(int index, ReadOnlySpan<byte> compressed)
    {
        _block.Set(compressed);
        _stream = _streams[index] ??= new(_block, CompressionMode.Decompress, leaveOpen: true);
        _from = _to = 0;
    }

    /// <summary>The next bytes of the block; false when it does not hold so many or is no zlib data.</summary>
    public bool Take(int count, out ReadOnlySpan<byte> bytes)
    {
        if (_to - _from < count && !Fill(count))
        {
            bytes = default;
            return false;
        }
        bytes = _plain.AsSpan(_from, count);
        _from += count;
        return true;
    }

    /// <summary>Ends the block: the stream takes all of it in. False when it is broken or holds far more than was taken.</summary>
    public bool End()
    {
        _from = _to = 0;
        if (_plain.Length == 0)
            _plain = new byte[1024];
        for (var dropped = 0; dropped <= Surplus;)
        {
            var got = Read(_plain);
            if (got <= 0)
                return got == 0;
            dropped += got;
        }
        return false;
    }

    /// <summary>The server begins a stream anew.</summary>
    public void Reset(int index)
    {
        _streams[index]?.Dispose();
        _streams[index] = null;
    }

    public void Dispose()
    {
        for (var i = 0; i < _streams.Length; i++)
            Reset(i);
        _block.Dispose();
    }

    private bool Fill(int count)
    {
        if (_plain.Length < count)
            Array.Resize(ref _plain, Math.Max(count, 16 * 1024));
        _plain.AsSpan(_from, _to - _from).CopyTo(_plain);
        (_from, _to) = (0, _to - _from);
        while (_to < count)
        {
            var got = Read(_plain.AsSpan(_to));
            if (got <= 0)
                return false;
            _to += got;
        }
        return true;
    }

    private int Read(Span<byte> target)
    {
        try
        {
            return _stream!.Read(target);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return -1;
        }
    }

    /// <summary>The compressed bytes at hand. It ends where they end, and goes on with the next block.</summary>
    private sealed class Block : Stream
    {
        private byte[] _bytes = [];
        private int _at;
        private int _end;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Set(ReadOnlySpan<byte> bytes)
        {
            if (_bytes.Length < bytes.Length || _bytes.Length > Math.Max(1024 * 1024, 4 * bytes.Length))
                _bytes = new byte[bytes.Length];
            bytes.CopyTo(_bytes);
            (_at, _end) = (0, bytes.Length);
        }

        public override int Read(Span<byte> buffer)
        {
            var part = Math.Min(buffer.Length, _end - _at);
            _bytes.AsSpan(_at, part).CopyTo(buffer);
            _at += part;
            return part;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
