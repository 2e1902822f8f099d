using System.Runtime.CompilerServices;

namespace StreamSpace.Streaming.Relay;

internal static class ZeroByteRead
{
    /// <summary>Ends when there is something to read (or the end), without holding a buffer meanwhile. Streams that cannot wait so end at once, and the real read waits.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask WaitForDataAsync(this Stream stream, CancellationToken ct)
    {
        if (await stream.ReadAsync(Memory<byte>.Empty, ct) != 0)
            throw new InvalidOperationException("A stream claims to have read into nothing.");
    }
}
