using Microsoft.Extensions.Options;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What a runtime may carry; 0 is no limit.</summary>
internal sealed record Room(int CpuMillicores, long MemoryBytes, int Sessions)
{
    public static Room Endless { get; } = new(0, 0, 0);

    public bool IsEndless => this == Endless;

    /// <summary>Whether one more fits beside what is there.</summary>
    public bool Fits(long cpu, decimal memory, long sessions, int moreCpu, long moreMemory) =>
        (CpuMillicores == 0 || cpu + moreCpu <= CpuMillicores) && (MemoryBytes == 0 || memory + moreMemory <= MemoryBytes) && (Sessions == 0 || sessions + 1 <= Sessions);
}

/// <summary>
/// Knows each runtime's room. Without a setting, local and docker get what this machine can bear: CPU limits are ceilings that are
/// rarely reached together, so sixteen times the cores; memory twice what is there, since sessions seldom fill theirs.
/// </summary>
internal sealed class CapacityLimits(IOptions<SessionsOptions> options)
{
    private const int CpuOvercommit = 16;
    private const int MemoryOvercommit = 2;

    public Room Of(string runtime)
    {
        if (options.Value.Capacity.TryGetValue(runtime, out var set))
            return new(Quantity.TryMillicores(set.Cpu, out var cpu) ? cpu : 0, Quantity.TryBytes(set.Memory, out var memory) ? memory : 0, set.Sessions);
        return runtime is "local" or "docker"
            ? new(Environment.ProcessorCount * 1000 * CpuOvercommit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryOvercommit, 0)
            : Room.Endless;
    }
}
