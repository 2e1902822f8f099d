using System.Diagnostics.Metrics;

namespace StreamSpace.Recordings.Upload;

/// <summary>Figures of uploading, meter <c>StreamSpace.Recordings</c>.</summary>
internal sealed class UploadMetrics
{
    private readonly Counter<long> _uploads;
    private long _segments;
    private long _bytes;

    public UploadMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StreamSpace.Recordings");
        _uploads = meter.CreateCounter<long>("streamspace_recording_uploads", "{upload}", "Uploads of recordings' segments, by result: ok or failed.");
        meter.CreateObservableGauge("streamspace_recording_uploads_waiting", () => Volatile.Read(ref _segments), "{segment}", "Segments on this server's disk that wait for being uploaded.");
        meter.CreateObservableGauge("streamspace_recording_uploads_waiting_bytes", () => Volatile.Read(ref _bytes), "By", "Bytes of the segments that wait for being uploaded.");
    }

    public void Uploaded(string result) => _uploads.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Waiting(long segments, long bytes)
    {
        Volatile.Write(ref _segments, segments);
        Volatile.Write(ref _bytes, bytes);
    }
}
