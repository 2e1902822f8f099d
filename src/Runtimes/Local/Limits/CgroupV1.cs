using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Limits;

/// <summary>A session's groups in the first version's separate hierarchies: controller name to folder.</summary>
internal sealed class CgroupV1(IReadOnlyDictionary<string, string> folders) : IControlGroup
{
    public IReadOnlyList<string> JoinFiles => [.. folders.Values.Distinct(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "cgroup.procs"))];

    public bool IsFrozen => Find("freezer", "freezer.state") is { } path && ControlFile.Read(path) is "FROZEN";

    public void Apply(ResourceLimits limits)
    {
        foreach (var folder in folders.Values.Distinct(StringComparer.Ordinal))
            Directory.CreateDirectory(folder);
        if (Find("memory", "memory.limit_in_bytes") is { } memory)
        {
            var bytes = limits.MemoryBytes.ToString(CultureInfo.InvariantCulture);
            ControlFile.Write(memory, bytes);
            ControlFile.TryWrite(Path.Combine(folders["memory"], "memory.memsw.limit_in_bytes"), bytes); // only where swap is accounted
        }

        Weigh(limits);
        if (Find("pids", "pids.max") is { } pids)
            ControlFile.Write(pids, limits.Processes.ToString(CultureInfo.InvariantCulture));
    }

    // The group counts as one task of the machine unless it gets weight: 2048 per core keeps desktops quick beside batch work.
    private void Weigh(ResourceLimits limits)
    {
        if (Find("cpu", "cpu.shares") is { } shares)
            ControlFile.TryWrite(shares, Math.Clamp(limits.CpuMillicores * 2048L / 1000, 1024, 262144).ToString(CultureInfo.InvariantCulture));
    }

    public void LimitCpu(int millicores)
    {
        if (Find("cpu", "cpu.cfs_quota_us") is { } cpu)
            ControlFile.TryWrite(cpu, (millicores * 100L).ToString(CultureInfo.InvariantCulture));
    }

    public void Change(ResourceLimits limits)
    {
        if (Find("memory", "memory.limit_in_bytes") is not { } memory)
            throw new RuntimeFailure(RuntimeReasons.NotSupported, "Memory is not limited on this machine.");
        var withSwap = Path.Combine(folders["memory"], "memory.memsw.limit_in_bytes"); // only where swap is accounted
        var bytes = limits.MemoryBytes.ToString(CultureInfo.InvariantCulture);
        // The limit with swap may never be below the one without: whichever grows goes first.
        if (ControlFile.Number(memory) < limits.MemoryBytes)
        {
            ControlFile.TryWrite(withSwap, bytes);
            ControlFile.Write(memory, bytes);
        }
        else
        {
            // The kernel gives back cached files first and refuses when that is not enough; nothing is killed.
            if (!ControlFile.TryWrite(memory, bytes))
                throw ControlFile.MemoryInUse(limits.MemoryBytes);
            ControlFile.TryWrite(withSwap, bytes);
        }

        Weigh(limits);
        LimitCpu(limits.CpuMillicores);
    }

    public async Task FreezeAsync(CancellationToken ct)
    {
        var path = Find("freezer", "freezer.state")!;
        ControlFile.Write(path, "FROZEN");
        if (!await ControlFile.BecomesAsync(() => IsFrozen, TimeSpan.FromSeconds(5), ct))
        {
            ControlFile.TryWrite(path, "THAWED");
            throw new RuntimeFailure(RuntimeReasons.WrongState, "The session could not be frozen within 5 s.");
        }
    }

    public Task ThawAsync(CancellationToken ct)
    {
        if (Find("freezer", "freezer.state") is { } path)
            ControlFile.TryWrite(path, "THAWED");
        return Task.CompletedTask;
    }

    public IReadOnlyList<int>? Pids() => folders.Values.FirstOrDefault() is { } folder ? ControlFile.Pids(Path.Combine(folder, "cgroup.procs")) : null;

    public long? CpuNanoseconds() => Find("cpuacct", "cpuacct.usage") is { } path ? ControlFile.Number(path) : null;

    public long? MemoryBytes()
    {
        if (Find("memory", "memory.usage_in_bytes") is not { } path || ControlFile.Number(path) is not { } used)
            return null;
        return Math.Max(0, used - (ControlFile.Field(Path.Combine(folders["memory"], "memory.stat"), "total_inactive_file") ?? 0));
    }

    public int? Processes() => Find("pids", "pids.current") is { } path ? (int?)ControlFile.Number(path) : null;

    public long? ProcessesRefused() => Find("pids", "pids.events") is { } path ? ControlFile.Field(path, "max") : null;

    public long MemoryKills() => Find("memory", "memory.oom_control") is { } path ? ControlFile.Field(path, "oom_kill") ?? 0 : 0;

    public int WatchMemory()
    {
        if (Find("memory", "memory.oom_control") is not { } path)
            return -1;
        using var control = File.OpenHandle(path);
        var file = Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (file >= 0 && !ControlFile.TryWrite(Path.Combine(folders["memory"], "cgroup.event_control"), $"{file} {control.DangerousGetHandle()}"))
        {
            _ = Libc.Close(file);
            return -1;
        }

        return file;
    }

    public async Task RemoveAsync(CancellationToken ct)
    {
        foreach (var folder in folders.Values.Distinct(StringComparer.Ordinal))
        {
            await ControlFile.RemoveAsync(folder, Evict, TimeSpan.FromSeconds(5), ct);

            void Evict()
            {
                foreach (var pid in ControlFile.Pids(Path.Combine(folder, "cgroup.procs")))
                    _ = Libc.Kill(pid, Libc.SigKill);
                if (Find("freezer", "freezer.state") is { } state)
                    ControlFile.TryWrite(state, "THAWED");
            }
        }
    }

    private string? Find(string controller, string file) => folders.TryGetValue(controller, out var folder) ? Path.Combine(folder, file) : null;
}
