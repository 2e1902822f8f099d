using System.Text.Json;

namespace StreamSpace.Rfb.Recording;

/// <summary>Gathers, chunk by chunk, what the index says.</summary>
internal sealed class SegmentSummary
{
    private readonly List<long> _activity = [];
    private readonly List<int> _input = [];
    private readonly List<IndexedEvent> _events = [];
    private long _duration;
    private long _bytes;
    private int _leftOut;

    public bool Full => _events.Count >= SegmentFormat.MostEvents;

    public void LeaveOut() => _leftOut++;

    public void Add(ChunkKind kind, uint time, long offset, ReadOnlySpan<byte> content)
    {
        if (kind is ChunkKind.Index or ChunkKind.End)
            return;
        _duration = time;
        var second = (int)Math.Min(time / 1000, SegmentFormat.MostSeconds - 1);
        while (_activity.Count <= second)
        {
            _activity.Add(0);
            _input.Add(0);
        }
        if (kind == ChunkKind.Display)
        {
            _bytes += content.Length;
            _activity[second] += content.Length;
        }
        else if (kind == ChunkKind.Event && !Full && Read(content) is { } what)
        {
            _events.Add(new(time, offset, what.Type));
            _input[second] += what.Presses ?? 0;
        }
    }

    public SegmentIndex ToIndex() => new(_duration, _bytes, [.. _activity], [.. _input], [.. _events], _leftOut);

    private static RecordedEvent? Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, SegmentJson.Default.RecordedEvent);
        }
        catch (JsonException)
        {
            return null; // the reader says so; here it only does not count
        }
    }
}
