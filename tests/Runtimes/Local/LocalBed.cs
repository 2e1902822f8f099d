using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local;
using StreamSpace.Runtimes.Tests.ContractSuite;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>The local runtime over throw-away folders.</summary>
public class LocalBed : RuntimeBed
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ss-local-").FullName;

    public override Application Terminal { get; } = new("terminal", null, null, [], ["xterm"], ["xterm"], Panel: false);

    public override Application Desktop { get; } = new("desktop", null, null, [], ["xterm"], [], Panel: true);

    internal LocalRuntimeOptions Options => new()
    {
        DataDirectory = Path.Combine(Root, "data"),
        RunDirectory = Path.Combine(Root, "run"),
        UseCgroups = UseCgroups,
    };

    protected virtual bool UseCgroups => true;

    public override ISessionRuntime Open() => new LocalRuntime(Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System);

    public override async Task InitializeAsync()
    {
        // Other uids must reach the run folder, as they do below /run.
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_001_001);
        await base.InitializeAsync();
    }

    public override Task<IReadOnlyList<string>> TracesAsync(LaunchSpec spec)
    {
        var key = spec.Session.Value.ToString("N")[16..];
        var traces = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
                continue;
            foreach (var file in new[] { "cmdline", "cgroup", "mountinfo" })
            {
                // mountinfo is looked at too: a mount of the session in any namespace would be a leak.
                if (Text(Path.Combine(folder, file)) is { } text && (text.Contains(key, StringComparison.Ordinal) || text.Contains(spec.Session.ToString(), StringComparison.Ordinal)))
                    traces.Add($"process {pid}: {file}");
            }
        }

        var places = new Places(Options);
        traces.AddRange(new[] { places.Session(spec.Session).Folder, places.Session(spec.Session).Run }.Where(Directory.Exists));
        foreach (var hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup"))
        {
            foreach (var parent in new[] { hierarchy, Path.GetDirectoryName(hierarchy)! })
            {
                var group = Path.Combine(parent, $"streamspace-{places.Key}", key);
                if (Directory.Exists(group) && !traces.Contains(group))
                    traces.Add(group);
            }
        }

        return Task.FromResult<IReadOnlyList<string>>(traces);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        var key = new Places(Options).Key;
        foreach (var group in Directory.EnumerateDirectories("/sys/fs/cgroup").Select(hierarchy => Path.Combine(hierarchy, $"streamspace-{key}")).Where(Directory.Exists))
            Directory.Delete(group);
        Directory.Delete(Root, recursive: true);
    }

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
