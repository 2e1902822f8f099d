using System.Buffers;
using System.Text.Json;

namespace StreamSpace.Rfb.Recording;

/// <summary>
/// Makes the bytes of one segment, chunk by chunk. It writes nowhere: whoever owns it takes <see cref="Pending"/> to where it shall lie, at least each
/// second, and says <see cref="Written"/>. Only whole chunks are ever pending. Not for several threads at once.
/// </summary>
public sealed class SegmentWriter
{
    private readonly ArrayBufferWriter<byte> _pending = new(64 * 1024);
    private readonly SegmentSummary _summary = new();
    private readonly SegmentChain _chain;
    private long _offset;
    private uint _last;

    /// <summary>Begins a segment with its header.</summary>
    public SegmentWriter(SegmentHeader header)
    {
        _chain = SegmentChain.Begin();
        _pending.Write(SegmentFormat.Magic);
        _offset = SegmentFormat.Magic.Length;
        Append(ChunkKind.Header, 0, JsonSerializer.SerializeToUtf8Bytes(header, SegmentJson.Default.SegmentHeader));
    }

    private SegmentWriter(SegmentReader read, SegmentSummary summary)
    {
        _chain = read.Chain;
        _summary = summary;
        _offset = read.Offset;
        _last = (uint)read.DurationMs;
    }

    /// <summary>Whole chunks that nobody took yet.</summary>
    public ReadOnlyMemory<byte> Pending => _pending.WrittenMemory;

    /// <summary>Bytes of the segment so far, pending ones included.</summary>
    public long Length => _offset;

    /// <summary>The segment's digest if it ended here.</summary>
    public string Digest => _chain.Digest;

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool Closed { get; private set; }

    /// <summary>What the index would say now.</summary>
    public SegmentIndex Index => _summary.ToIndex();

    /// <summary>
    /// Goes on behind the last whole chunk of a segment that was torn, in order to close it. What lies behind <see cref="SegmentReader.Offset"/> must be cut off.
    /// </summary>
    public static SegmentWriter After(SegmentReader torn)
    {
        var summary = new SegmentSummary();
        var again = new SegmentReader(torn.Bytes);
        while (again.TryRead(out var chunk))
            summary.Add(chunk.Kind, chunk.Time, chunk.Offset, chunk.Content.Span);
        return new(again, summary);
    }

    /// <summary>Says that <see cref="Pending"/> lies where it shall.</summary>
    public void Written() => _pending.ResetWrittenCount();

    /// <summary>Adds bytes of the server.</summary>
    public void Display(TimeSpan at, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > SegmentFormat.MostDisplayBytes; bytes = bytes[SegmentFormat.MostDisplayBytes..])
            Append(ChunkKind.Display, Time(at), bytes[..SegmentFormat.MostDisplayBytes]);
        Append(ChunkKind.Display, Time(at), bytes);
    }

    /// <summary>Adds something that happened beside the picture.</summary>
    public void Event(TimeSpan at, RecordedEvent what)
    {
        if (_summary.Full)
            _summary.LeaveOut();
        else
            Append(ChunkKind.Event, Time(at), JsonSerializer.SerializeToUtf8Bytes(what, SegmentJson.Default.RecordedEvent));
    }

    /// <summary>Says that the recorder is there though nothing happens.</summary>
    public void Tick(TimeSpan at) => Append(ChunkKind.Tick, Time(at), []);

    /// <summary>Ends the segment with its index and why.</summary>
    public void Close(TimeSpan at, string reason)
    {
        var time = Time(at);
        Append(ChunkKind.Tick, time, []);
        Append(ChunkKind.Index, time, JsonSerializer.SerializeToUtf8Bytes(_summary.ToIndex(), SegmentJson.Default.SegmentIndex));
        Append(ChunkKind.End, time, JsonSerializer.SerializeToUtf8Bytes(new SegmentEnd(reason), SegmentJson.Default.SegmentEnd));
        Closed = true;
    }

    /// <summary>Time never goes back within a segment, whatever the clock does.</summary>
    private uint Time(TimeSpan at) => Math.Max(_last, (uint)Math.Clamp(at.TotalMilliseconds, 0, uint.MaxValue));

    private void Append(ChunkKind kind, uint time, ReadOnlySpan<byte> content)
    {
        if (Closed)
            throw new InvalidOperationException("The segment is closed.");
        var length = SegmentFormat.HeadLength + content.Length;
        var span = _pending.GetSpan(length + SegmentFormat.CheckLength);
        SegmentChain.WriteHead(span, kind, time, content.Length);
        content.CopyTo(span[SegmentFormat.HeadLength..]);
        _chain.Add(span[..length]).CopyTo(span[length..]);
        _pending.Advance(length + SegmentFormat.CheckLength);
        _summary.Add(kind, time, _offset, content);
        _offset += length + SegmentFormat.CheckLength;
        _last = time;
    }
}
