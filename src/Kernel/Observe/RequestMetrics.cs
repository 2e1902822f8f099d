using System.Diagnostics.Metrics;

namespace StreamSpace.Kernel;

/// <summary>Durations of requests, by route.</summary>
internal sealed class RequestMetrics
{
    private readonly Histogram<double> duration;

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StreamSpace.Http");
        duration = meter.CreateHistogram<double>("streamspace_http_request_seconds", "s", "Time to answer a request, by route.");
    }

    public void Seen(string method, string route, int status, TimeSpan elapsed) =>
        duration.Record(elapsed.TotalSeconds, new("method", method), new("route", route), new("status", status));
}
