using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Limits;

/// <summary>
/// Stands in where no control group may be made: freezing is SIGSTOP of every process in the session's pid namespace. Limits are
/// resource limits of single processes, set at the start.
/// </summary>
internal sealed class NoCgroup(ProcessIdentity init) : IControlGroup
{
    public IReadOnlyList<string> JoinFiles => [];

    // The namespace's first process is stopped last and set going last, so its state is the session's.
    public bool IsFrozen => ProcessStatus.Read(init.Pid) is { State: 'T' } status && status.StartTime == init.StartTime;

    public void LimitCpu(int millicores)
    {
        // Nothing limits it here; the runtime's capabilities say so.
    }

    public void Change(ResourceLimits limits) =>
        throw new RuntimeFailure(RuntimeReasons.NotSupported, "Without control groups a session's limits cannot be changed while it runs.");

    public async Task FreezeAsync(CancellationToken ct)
    {
        // Not atomic: a process may have forked meanwhile, so it goes round until nothing new was found.
        for (var found = true; found; await Task.Yield())
        {
            found = false;
            foreach (var pid in ProcessTable.InNamespaceOf(init.Pid).Where(pid => pid != init.Pid))
            {
                if (ProcessStatus.Read(pid) is { State: not ('T' or 'Z' or 'X') } && Libc.Kill(pid, Libc.SigStop) == 0)
                    found = true;
            }

            ct.ThrowIfCancellationRequested();
        }

        init.Signal(Libc.SigStop);
        await ControlFile.BecomesAsync(() => IsFrozen, TimeSpan.FromSeconds(1), ct);
    }

    public Task ThawAsync(CancellationToken ct)
    {
        foreach (var pid in ProcessTable.InNamespaceOf(init.Pid).Where(pid => pid != init.Pid))
            _ = Libc.Kill(pid, Libc.SigCont);
        init.Signal(Libc.SigCont);
        return ControlFile.BecomesAsync(() => !IsFrozen, TimeSpan.FromSeconds(1), ct);
    }

    public IReadOnlyList<int>? Pids() => null;

    public long? CpuNanoseconds() => null;

    public long? MemoryBytes() => null;

    public int? Processes() => null;

    public long? ProcessesRefused() => null;

    public long MemoryKills() => 0;

    public int WatchMemory() => -1;

    public Task RemoveAsync(CancellationToken ct) => Task.CompletedTask;
}
