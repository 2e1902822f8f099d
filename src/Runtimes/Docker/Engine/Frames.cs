using System.Buffers.Binary;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>Takes apart the engine's multiplexed output: 8 bytes of head (stream, 0, 0, 0, length), then that many bytes.</summary>
internal sealed class Frames(Stream stream)
{
    public const int Output = 1;
    public const int Errors = 2;
    private readonly byte[] _head = new byte[8];
    private int _left;
    private int _source;

    /// <summary>The next piece of output: which stream it is from and how many bytes were put into the buffer; 0 bytes at the end.</summary>
    public async ValueTask<(int Source, int Count)> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        while (_left == 0)
        {
            if (await stream.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, ct) < _head.Length)
                return (_source, 0);
            _source = _head[0];
            _left = checked((int)BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(4)));
        }

        var count = await stream.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], ct);
        _left -= count;
        return (_source, count);
    }
}
