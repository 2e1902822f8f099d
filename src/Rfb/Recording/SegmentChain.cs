using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StreamSpace.Rfb.Recording;

/// <summary>
/// The running SHA-256 of a segment: each link covers the link before, so a chunk that was changed, dropped, added or moved breaks its own check and
/// every later one. The last link is the segment's digest, which the next segment names.
/// </summary>
internal struct SegmentChain
{
    private readonly byte[] _link;

    private SegmentChain(byte[] link) => _link = link;

    public static SegmentChain Begin()
    {
        var link = new byte[SHA256.HashSizeInBytes];
        SHA256.HashData(SegmentFormat.Magic, link);
        return new(link);
    }

    /// <summary>The link so far, as text.</summary>
    public readonly string Digest => Convert.ToHexStringLower(_link);

    /// <summary>Takes a chunk in: its head and content.</summary>
    /// <returns>The check that stands behind it.</returns>
    public readonly ReadOnlySpan<byte> Add(ReadOnlySpan<byte> chunk)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_link);
        hash.AppendData(chunk);
        hash.GetHashAndReset(_link);
        return _link.AsSpan(0, SegmentFormat.CheckLength);
    }

    public static void WriteHead(Span<byte> head, ChunkKind kind, uint time, int length)
    {
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(head[1..], time);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], length);
    }
}
