using System.Diagnostics.Metrics;

namespace StreamSpace.Streaming;

/// <summary>Figures of the stream proxy, meter <c>StreamSpace.Streaming</c>.</summary>
internal sealed class StreamMetrics
{
    private readonly UpDownCounter<long> _viewers;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _resumed;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _lag;
    private readonly Histogram<double> _probed;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _qualities;

    public StreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StreamSpace.Streaming");
        _viewers = meter.CreateUpDownCounter<long>("streamspace_viewers", "{viewer}", "Viewers connected to this replica.");
        _bytes = meter.CreateCounter<long>("streamspace_stream_bytes", "By", "Bytes relayed: in from viewers, out to them.");
        _ended = meter.CreateCounter<long>("streamspace_viewers_ended", "{viewer}", "Viewers that ended, by reason.");
        _resumed = meter.CreateCounter<long>("streamspace_streams_resumed", "{stream}", "Streams that went on with another display behind the same socket.");
        _latency = meter.CreateHistogram<double>("streamspace_latency_seconds", "s", "Round trip to the viewer (client) and to the display (display).");
        _lag = meter.CreateHistogram<double>("streamspace_picture_lag_seconds", "s", "How long pictures lay on the way to viewers, beyond the way itself; measured once a second while they move.");
        _probed = meter.CreateHistogram<double>("streamspace_input_to_pixel_seconds", "s", "From a move of the pointer to its picture, measured by probes through the proxy (through) and beside it (direct).");
        _updates = meter.CreateCounter<long>("streamspace_picture_updates", "{update}", "Updates of pictures relayed to viewers.");
        _qualities = meter.CreateCounter<long>("streamspace_quality_changes", "{change}", "Changes of the picture's quality for a viewer's line: down, up, and sharp for a still picture sent again.");
    }

    public void Connected() => _viewers.Add(1);

    public void Ended(string reason)
    {
        _viewers.Add(-1);
        _ended.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Relayed(long bytesIn, long bytesOut, long updates)
    {
        _updates.Add(updates);
        _bytes.Add(bytesIn, new KeyValuePair<string, object?>("direction", "in"));
        _bytes.Add(bytesOut, new KeyValuePair<string, object?>("direction", "out"));
    }

    public void Lagged(double seconds) => _lag.Record(seconds);

    public void Probed(double seconds, bool direct) => _probed.Record(seconds, new KeyValuePair<string, object?>("way", direct ? "direct" : "through"));

    public void QualityChanged(string direction) => _qualities.Add(1, new KeyValuePair<string, object?>("direction", direction));

    public void Resumed() => _resumed.Add(1);

    public void ClientLatency(double seconds) => _latency.Record(seconds, new KeyValuePair<string, object?>("hop", "client"));

    public void DisplayLatency(double seconds) => _latency.Record(seconds, new KeyValuePair<string, object?>("hop", "display"));
}
