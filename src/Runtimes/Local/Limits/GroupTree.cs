using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Limits;

/// <summary>Finds out which control groups we may make on this machine, and makes them.</summary>
internal sealed class GroupTree
{
    private static readonly string[] Wanted = ["memory", "cpu", "cpuacct", "pids", "freezer"];

    private readonly Dictionary<string, string> _v1 = new(StringComparer.Ordinal);
    private readonly string? _v2;

    public GroupTree(string key, bool use)
    {
        if (!use)
            return;
        var mounts = Mounts();
        var name = $"streamspace-{key}";
        foreach (var controller in Wanted)
        {
            if (mounts.V1.TryGetValue(controller, out var mount) && CanMake(Path.Combine(mount, name)))
                _v1[controller] = Path.Combine(mount, name);
        }

        // A machine may have both; limits live where the controllers are.
        if (_v1.ContainsKey("freezer") || mounts.V2 is null)
            return;
        foreach (var parent in Parents(mounts.V2))
        {
            var folder = Path.Combine(parent, name);
            Enable(parent);
            if (!CanMake(folder))
                continue;
            Enable(folder);
            _v2 = folder;
            V2Controllers = ControlFile.Read(Path.Combine(folder, "cgroup.subtree_control"))?.Split(' ') ?? [];
            break;
        }
    }

    private string[] V2Controllers { get; } = [];

    public bool LimitsMemory => _v1.ContainsKey("memory") || V2Controllers.Contains("memory");

    public bool LimitsCpu => _v1.ContainsKey("cpu") || V2Controllers.Contains("cpu");

    public bool LimitsProcesses => _v1.ContainsKey("pids") || V2Controllers.Contains("pids");

    public bool Freezes => _v1.ContainsKey("freezer") || _v2 is not null;

    public string Version => _v2 is not null ? "cgroup v2" : _v1.Count > 0 ? "cgroup v1" : "no cgroups";

    /// <summary>The group's folders, to be written down before anything is made: controller name to path, or <c>unified</c>.</summary>
    public Dictionary<string, string> Plan(SessionId session)
    {
        var name = Places.Short(session);
        return _v2 is not null && Freezes && _v1.Count == 0
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["unified"] = Path.Combine(_v2, name) }
            : _v1.ToDictionary(entry => entry.Key, entry => Path.Combine(entry.Value, name), StringComparer.Ordinal);
    }

    public static void Make(IReadOnlyDictionary<string, string> folders, ResourceLimits limits)
    {
        if (folders.TryGetValue("unified", out var unified))
            new CgroupV2(unified).Apply(limits);
        else
            new CgroupV1(folders).Apply(limits);
    }

    public static IControlGroup Open(IReadOnlyDictionary<string, string> folders, ProcessIdentity init) =>
        folders.TryGetValue("unified", out var unified) ? new CgroupV2(unified)
        : folders.ContainsKey("freezer") ? new CgroupV1(folders)
        : new NoCgroup(init);

    /// <summary>Removes groups that no session owns any more.</summary>
    public async Task SweepAsync(IReadOnlySet<string> known, CancellationToken ct)
    {
        foreach (var parent in _v1.Values.Append(_v2).OfType<string>().Where(Directory.Exists))
        {
            foreach (var folder in Directory.EnumerateDirectories(parent).Where(folder => !known.Contains(Path.GetFileName(folder))))
            {
                if (ControlFile.Pids(Path.Combine(folder, "cgroup.procs")).Count == 0)
                    await ControlFile.RemoveAsync(folder, static () => { }, TimeSpan.Zero, ct);
            }
        }
    }

    /// <summary>Removes the installation's own groups if no session is left in them; the next one makes them again.</summary>
    public void Leave()
    {
        foreach (var folder in _v1.Values.Distinct(StringComparer.Ordinal))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Sessions go on in it, or another server was quicker.
            }
        }
    }

    private static (Dictionary<string, string> V1, string? V2) Mounts()
    {
        var v1 = new Dictionary<string, string>(StringComparer.Ordinal);
        string? v2 = null;
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var halves = line.Split(" - ", 2);
            var (left, right) = (halves[0].Split(' '), halves[1].Split(' '));
            if (right[0] == "cgroup2")
                v2 ??= left[4];
            if (right[0] != "cgroup")
                continue;
            foreach (var controller in right[2].Split(',').Where(Wanted.Contains))
                v1.TryAdd(controller, left[4]);
        }

        return (v1, v2);
    }

    // Root makes its groups at the top, where a restart of the server's own unit does not reach them. Others may have been
    // given a subtree: the folder above the server's own group, which must be free of processes.
    private static IEnumerable<string> Parents(string mount)
    {
        if (Environment.IsPrivilegedProcess)
            yield return mount;
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        if (own is not null && Path.GetDirectoryName(own) is { Length: > 1 } above)
            yield return mount + above;
    }

    private static void Enable(string folder)
    {
        foreach (var controller in new[] { "cpu", "memory", "pids" })
            ControlFile.TryWrite(Path.Combine(folder, "cgroup.subtree_control"), $"+{controller}");
    }

    private static bool CanMake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var file = new FileStream(Path.Combine(folder, "cgroup.procs"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
