using StreamSpace.Bench;
using StreamSpace.Bench.Proxy;
using StreamSpace.Bench.Recordings;
using StreamSpace.Bench.Sessions;

switch (args)
{
    case ["proxy-host", var display, var address]:
        return await ProxyHost.RunAsync(display, address);
    case ["guarded-proxy-host", var display, var address]:
        return await ProxyHost.RunAsync(display, address, guarded: true);
    case ["proxy-host", var display, var address, var pages]:
        return await ProxyHost.RunAsync(display, address, pages);
}

// In this order, so that what is sensitive to noise comes before what makes some.
var parts = new Dictionary<string, Func<Report, int, CancellationToken, Task>>(StringComparer.Ordinal)
{
    ["launch-local"] = LaunchBench.LocalAsync,
    ["launch-docker"] = LaunchBench.DockerAsync,
    ["wake-local"] = (report, n, ct) => WakeBench.RunAsync(report, "local", n, ct),
    ["wake-docker"] = (report, n, ct) => WakeBench.RunAsync(report, "docker", n, ct),
    ["pixel"] = PixelBench.RunAsync,
    ["events"] = EventBench.RunAsync,
    ["list"] = ListBench.RunAsync,
    ["recording"] = RecordingBench.RunAsync,
    ["seek"] = SeekBench.RunAsync,
    ["proxy"] = ProxyBench.RunAsync,
    ["proxy-guarded"] = GuardedBench.RunAsync,
    ["encodings"] = EncodingBench.RunAsync,
    ["crowd"] = CrowdBench.RunAsync,
};
var samples = 20;
string? json = null;
var chosen = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--samples" && i + 1 < args.Length && int.TryParse(args[i + 1], out samples) && samples > 0)
        i++;
    else if (args[i] == "--json" && i + 1 < args.Length)
        json = args[++i];
    else if (parts.Keys.Where(p => p == args[i] || p.StartsWith(args[i] + "-", StringComparison.Ordinal)).ToList() is { Count: > 0 } named)
        chosen.AddRange(named);
    else
        return Usage();
}

var report = new Report();
foreach (var part in chosen.Count > 0 ? chosen : [.. parts.Keys])
    await report.MeasureAsync(part, () => parts[part](report, samples, CancellationToken.None));
report.Print();
if (json is not null)
    report.Write(json);
return report.Failed ? 1 : 0;

int Usage()
{
    Console.Error.WriteLine($"Usage: StreamSpace.Bench [{string.Join('|', parts.Keys)}]... [--samples N] [--json FILE]");
    Console.Error.WriteLine("launch and wake name both runtimes; without a part all are measured.");
    return 2;
}
