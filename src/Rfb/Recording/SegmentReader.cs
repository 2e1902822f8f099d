using System.Buffers.Binary;
using System.Text.Json;

namespace StreamSpace.Rfb.Recording;

/// <summary>One whole chunk of a segment.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Time">Milliseconds from the segment's start.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Content">Its content, inside the file's bytes.</param>
public readonly record struct Chunk(ChunkKind Kind, uint Time, long Offset, ReadOnlyMemory<byte> Content);

/// <summary>
/// Reads a segment chunk by chunk, as far as it is whole: a file that was torn anywhere plays up to its last whole chunk. Nothing is allocated by a
/// number in the file, and whatever the bytes are, the answer is a <see cref="SegmentError"/>.
/// </summary>
public sealed class SegmentReader
{
    private readonly SegmentChain _chain = SegmentChain.Begin();

    /// <summary>Begins at the start of a file's bytes.</summary>
    public SegmentReader(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        var magic = bytes.Span[..Math.Min(bytes.Length, SegmentFormat.Magic.Length)];
        if (!SegmentFormat.Magic.StartsWith(magic))
            Error = new(SegmentFault.NotASegment, 0);
        else if (magic.Length < SegmentFormat.Magic.Length)
            Error = new(SegmentFault.Torn, 0);
        else
            Offset = magic.Length;
    }

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Where the first chunk begins that was not read.</summary>
    public long Offset { get; private set; }

    /// <summary>Why reading ended; <see cref="SegmentFault.None"/> at a proper end, and while it goes on.</summary>
    public SegmentError Error { get; private set; }

    /// <summary>The header, once its chunk was read.</summary>
    public SegmentHeader? Header { get; private set; }

    /// <summary>The index, once its chunk was read.</summary>
    public SegmentIndex? Index { get; private set; }

    /// <summary>The end, once its chunk was read.</summary>
    public SegmentEnd? End { get; private set; }

    /// <summary>Time of the last chunk that was read.</summary>
    public long DurationMs { get; private set; }

    /// <summary>Digest over what was read; after the end, the segment's.</summary>
    public string Digest => _chain.Digest;

    internal SegmentChain Chain => _chain;

    /// <summary>Reads the next whole chunk.</summary>
    /// <returns>False at the end, or where the file is torn or broken; <see cref="Error"/> tells.</returns>
    public bool TryRead(out Chunk chunk)
    {
        chunk = default;
        if (Error.Fault != SegmentFault.None)
            return false;
        var rest = Bytes[(int)Offset..];
        if (End is not null)
            return rest.Length == 0 ? false : Fail(SegmentFault.BehindTheEnd);
        if (rest.Length == 0)
            return Fail(SegmentFault.Torn);
        var kind = (ChunkKind)rest.Span[0];
        var most = SegmentFormat.MostBytes(kind);
        if (most == 0 || (Header is null) != (kind == ChunkKind.Header))
            return Fail(SegmentFault.UnexpectedChunk);
        if (rest.Length < SegmentFormat.HeadLength)
            return Fail(SegmentFault.Torn);
        var time = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[1..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[5..]);
        if (length > most)
            return Fail(SegmentFault.TooLong);
        var end = SegmentFormat.HeadLength + (int)length;
        if (rest.Length < end + SegmentFormat.CheckLength)
            return Fail(SegmentFault.Torn);
        return Check(new(kind, time, Offset, rest[SegmentFormat.HeadLength..end]), rest.Span[..end], rest.Span.Slice(end, SegmentFormat.CheckLength), out chunk);
    }

    private bool Check(Chunk read, ReadOnlySpan<byte> covered, ReadOnlySpan<byte> check, out Chunk chunk)
    {
        chunk = default;
        if (read.Time < DurationMs)
            return Fail(SegmentFault.TimeWentBack);
        if (!_chain.Add(covered).SequenceEqual(check))
            return Fail(SegmentFault.CheckFailed);
        if (!Understand(read))
            return Fail(SegmentFault.BadContent);
        DurationMs = read.Time;
        Offset += covered.Length + SegmentFormat.CheckLength;
        chunk = read;
        return true;
    }

    private bool Understand(Chunk chunk)
    {
        var content = chunk.Content.Span;
        try
        {
            switch (chunk.Kind)
            {
                case ChunkKind.Header:
                    Header = JsonSerializer.Deserialize(content, SegmentJson.Default.SegmentHeader);
                    return Header is { Version: SegmentFormat.Version };
                case ChunkKind.Event:
                    return JsonSerializer.Deserialize(content, SegmentJson.Default.RecordedEvent) is not null;
                case ChunkKind.Index:
                    Index = JsonSerializer.Deserialize(content, SegmentJson.Default.SegmentIndex);
                    return Index is not null;
                case ChunkKind.End:
                    End = JsonSerializer.Deserialize(content, SegmentJson.Default.SegmentEnd);
                    return End is not null && Index is not null;
                default:
                    return chunk.Kind == ChunkKind.Display || content.IsEmpty;
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Fail(SegmentFault fault)
    {
        Error = new(fault, Offset);
        return false;
    }
}
