using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Limits;

/// <summary>A session's group in the unified hierarchy.</summary>
internal sealed class CgroupV2(string folder) : IControlGroup
{
    public IReadOnlyList<string> JoinFiles => [Path.Combine(folder, "cgroup.procs")];

    public bool IsFrozen => ControlFile.Field(Path.Combine(folder, "cgroup.events"), "frozen") == 1;

    public void Apply(ResourceLimits limits)
    {
        Directory.CreateDirectory(folder);
        ControlFile.TryWrite(Path.Combine(folder, "memory.max"), limits.MemoryBytes.ToString(CultureInfo.InvariantCulture));
        ControlFile.TryWrite(Path.Combine(folder, "memory.swap.max"), "0");
        Weigh(limits);
        ControlFile.TryWrite(Path.Combine(folder, "pids.max"), limits.Processes.ToString(CultureInfo.InvariantCulture));
    }

    public void LimitCpu(int millicores) =>
        ControlFile.TryWrite(Path.Combine(folder, "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{millicores * 100L} 100000"));

    public void Change(ResourceLimits limits)
    {
        var memory = Path.Combine(folder, "memory.max");
        if (!File.Exists(memory))
            throw new RuntimeFailure(RuntimeReasons.NotSupported, "Memory is not limited on this machine.");
        // Below what is held the kernel would kill: this version does not refuse by itself.
        if (MemoryBytes() > limits.MemoryBytes)
            throw ControlFile.MemoryInUse(limits.MemoryBytes);
        ControlFile.Write(memory, limits.MemoryBytes.ToString(CultureInfo.InvariantCulture));
        Weigh(limits);
        LimitCpu(limits.CpuMillicores);
    }

    private void Weigh(ResourceLimits limits) =>
        ControlFile.TryWrite(Path.Combine(folder, "cpu.weight"), Math.Clamp(limits.CpuMillicores * 200L / 1000, 100, 10000).ToString(CultureInfo.InvariantCulture));

    public async Task FreezeAsync(CancellationToken ct)
    {
        ControlFile.Write(Path.Combine(folder, "cgroup.freeze"), "1");
        if (!await ControlFile.BecomesAsync(() => IsFrozen, TimeSpan.FromSeconds(5), ct))
        {
            ControlFile.TryWrite(Path.Combine(folder, "cgroup.freeze"), "0");
            throw new RuntimeFailure(RuntimeReasons.WrongState, "The session could not be frozen within 5 s.");
        }
    }

    public Task ThawAsync(CancellationToken ct)
    {
        ControlFile.TryWrite(Path.Combine(folder, "cgroup.freeze"), "0");
        return ControlFile.BecomesAsync(() => !IsFrozen, TimeSpan.FromSeconds(5), ct);
    }

    public IReadOnlyList<int>? Pids() => ControlFile.Pids(Path.Combine(folder, "cgroup.procs"));

    public long? CpuNanoseconds() => ControlFile.Field(Path.Combine(folder, "cpu.stat"), "usage_usec") * 1000;

    public long? MemoryBytes() => ControlFile.Number(Path.Combine(folder, "memory.current")) is { } used
        ? Math.Max(0, used - (ControlFile.Field(Path.Combine(folder, "memory.stat"), "inactive_file") ?? 0))
        : null;

    public int? Processes() => (int?)ControlFile.Number(Path.Combine(folder, "pids.current"));

    public long? ProcessesRefused() => ControlFile.Field(Path.Combine(folder, "pids.events"), "max");

    public long MemoryKills() => ControlFile.Field(Path.Combine(folder, "memory.events"), "oom_kill") ?? 0;

    public int WatchMemory()
    {
        const uint modified = 2;
        var file = Libc.InotifyCreate(Libc.CloseOnExec | Libc.NonBlocking);
        if (file >= 0 && Libc.InotifyAdd(file, Path.Combine(folder, "memory.events"), modified) < 0)
        {
            _ = Libc.Close(file);
            return -1;
        }

        return file;
    }

    public Task RemoveAsync(CancellationToken ct) => ControlFile.RemoveAsync(folder, Evict, TimeSpan.FromSeconds(5), ct);

    private void Evict()
    {
        if (ControlFile.TryWrite(Path.Combine(folder, "cgroup.kill"), "1"))
            return;
        foreach (var pid in ControlFile.Pids(Path.Combine(folder, "cgroup.procs")))
            _ = Libc.Kill(pid, Libc.SigKill);
    }
}
