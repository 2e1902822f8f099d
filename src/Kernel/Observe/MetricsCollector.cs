using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamSpace.Kernel;

/// <summary>
/// Adds up what our meters (<c>StreamSpace.*</c>) and the runtime's (<c>System.Runtime</c>) report and renders it for Prometheus.
/// Stands in for the OpenTelemetry exporter, which does not restore here.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> series = new();
    private readonly MeterListener listener = new();

    public MetricsCollector()
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name.StartsWith("StreamSpace.", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Record(i, v, tags));
        listener.Start();
    }

    public string Render()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var group in series.GroupBy(s => s.Key.Instrument).OrderBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            var name = NameOf(group.Key);
            var kind = IsHistogram(group.Key) ? "histogram" : IsCounter(group.Key) ? "counter" : "gauge";
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {group.Key.Description?.ReplaceLineEndings(" ")}\n# TYPE {name} {kind}\n");
            foreach (var ((_, labels), values) in group.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
                values.Render(text, name, labels, kind == "histogram");
        }

        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = series.GetOrAdd((instrument, LabelsOf(tags)), static _ => new Series());
        if (IsHistogram(instrument))
            one.Observe(value);
        else if (instrument is Counter<long> or Counter<int> or Counter<double> or UpDownCounter<long> or UpDownCounter<int>)
            one.Add(value);
        else
            one.Set(value);
    }

    private static bool IsHistogram(Instrument i) => i is Histogram<double> or Histogram<long> or Histogram<int>;

    private static bool IsCounter(Instrument i) => i is Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<double>;

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        return IsCounter(instrument) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var quoted = (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            text.Append(text.Length > 0 ? "," : "").Append(key.Replace('.', '_')).Append("=\"").Append(quoted).Append('"');
        }

        return text.ToString();
    }

    /// <summary>The numbers of one instrument under one set of labels.</summary>
    private sealed class Series
    {
        private readonly Lock gate = new();
        private readonly long[] buckets = new long[Bounds.Length];
        private double sum;
        private long count;

        public void Set(double value)
        {
            lock (gate)
                sum = value;
        }

        public void Add(double value)
        {
            lock (gate)
                sum += value;
        }

        public void Observe(double value)
        {
            lock (gate)
            {
                sum += value;
                count++;
                for (var i = 0; i < Bounds.Length; i++)
                {
                    if (value <= Bounds[i])
                        buckets[i]++;
                }
            }
        }

        public void Render(StringBuilder text, string name, string labels, bool histogram)
        {
            lock (gate)
            {
                var braces = labels.Length == 0 ? "" : $"{{{labels}}}";
                if (!histogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{braces} {sum}\n");
                    return;
                }

                var more = labels.Length == 0 ? "" : labels + ",";
                for (var i = 0; i < Bounds.Length; i++)
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{more}le=\"{Bounds[i]}\"}} {buckets[i]}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{more}le=\"+Inf\"}} {count}\n{name}_sum{braces} {sum}\n{name}_count{braces} {count}\n");
            }
        }
    }
}
