using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace StreamSpace.Bench;

/// <summary>One measured row: what, how much, what it must be.</summary>
/// <param name="Part">The benchmark it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The figures.</param>
/// <param name="Bar">What must hold; empty when there is none.</param>
/// <param name="Held">Whether it does; null when there is no bar.</param>
internal sealed record Row(string Part, string What, string Measured, string Bar, bool? Held);

/// <summary>How one benchmark went.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="LoadBefore">The machine's load average over one minute when it began: what else was running.</param>
/// <param name="BusyBefore">Share of the processors that others used in the second before it began, in percent.</param>
/// <param name="Problem">Why it could not be measured; null when it was.</param>
internal sealed record Part(string Name, double Seconds, double LoadBefore, double BusyBefore, string? Problem);

/// <summary>Collects rows, prints them as one table and writes them as JSON.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly DateTimeOffset began = TimeProvider.System.GetUtcNow();
    private readonly List<Row> rows = [];
    private readonly List<Part> parts = [];
    private string part = "";

    /// <summary>Whether a benchmark could not be measured.</summary>
    public bool Failed => parts.Exists(p => p.Problem is not null);

    /// <summary>Runs one benchmark; what stops it is told, and the others go on.</summary>
    public async Task MeasureAsync(string name, Func<Task> measure)
    {
        part = name;
        var (load, busy) = (Load(), await BusyAsync());
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} (load average {load:0.0}, processors {busy:0} % busy)"));
        var watch = Stopwatch.StartNew();
        string? problem = null;
        try
        {
            await measure();
        }
        catch (Exception e)
        {
            problem = e.Message;
            Console.Error.WriteLine($"  {name} could not be measured: {e}");
        }

        parts.Add(new(name, Math.Round(watch.Elapsed.TotalSeconds, 1), load, Math.Round(busy, 1), problem));
    }

    public void Add(string what, string measured, string bar = "", bool? held = null)
    {
        rows.Add(new(part, what, measured, bar, held));
        Console.Error.WriteLine($"  {what}: {measured}");
    }

    public void Print()
    {
        Console.WriteLine("| part | what | measured | bar | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var row in rows)
            Console.WriteLine($"| {row.Part} | {row.What} | {row.Measured} | {row.Bar} | {row.Held switch { true => "held", false => "**missed**", null => "" }} |");
        Console.WriteLine();
        foreach (var p in parts)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{p.Name}: {p.Seconds:0} s; before it the load average was {p.LoadBefore:0.0} and the processors were {p.BusyBefore:0} % busy{(p.Problem is null ? "" : "; NOT MEASURED: " + p.Problem)}"));
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var machine = new { cores = Environment.ProcessorCount, memory_gib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1), kernel = Environment.OSVersion.Version.ToString(), runtime = Environment.Version.ToString() };
        File.WriteAllText(path, JsonSerializer.Serialize(new { began, machine, parts, rows }, Indented));
    }

    private static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static async Task<double> BusyAsync()
    {
        var (busy, all) = Ticks();
        await Task.Delay(1000);
        var (busyNow, allNow) = Ticks();
        return 100.0 * (busyNow - busy) / Math.Max(1, allNow - all);
    }

    private static (long Busy, long All) Ticks()
    {
        var numbers = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        return (numbers.Sum() - numbers[3] - numbers[4], numbers.Sum());
    }
}

/// <summary>Samples in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double P50 => At(0.50);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public double Max => At(1);

    public void Add(double milliseconds)
    {
        lock (values)
            values.Add(milliseconds);
    }

    public string Text(string format = "0") => string.Create(CultureInfo.InvariantCulture,
        $"p50 {P50.ToString(format, CultureInfo.InvariantCulture)}, p99 {P99.ToString(format, CultureInfo.InvariantCulture)}, max {Max.ToString(format, CultureInfo.InvariantCulture)} ms of {Count}");

    private double At(double share)
    {
        lock (values)
        {
            var sorted = values.Order().ToList();
            return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
        }
    }
}
