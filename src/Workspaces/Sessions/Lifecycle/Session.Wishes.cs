using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What people and rules may wish for. A wish is all that a request records.</summary>
internal sealed partial class Session
{
    /// <summary>The session is accepted.</summary>
    public void Accept()
    {
        Wanted = SessionWish.Running;
        Phase = SessionPhase.Pending;
        Revision = 1;
        Tell(now => new SessionCreated(now, LaunchReason));
    }

    /// <summary>Records a wish; false when it was wished for already.</summary>
    /// <param name="wanted">What the session shall be.</param>
    /// <param name="cause"><c>manual</c>, <c>idle</c>, <c>expired</c>, <c>wake</c>.</param>
    public Result<bool> Wish(SessionWish wanted, string cause)
    {
        if (Wanted == SessionWish.Terminated)
            return wanted == SessionWish.Terminated ? false : SessionFailures.Over(Name);
        if (wanted == SessionWish.Frozen && Phase is not (SessionPhase.Running or SessionPhase.Freezing or SessionPhase.Frozen) && !(Phase == SessionPhase.Waking && FrozenAt is not null))
            return SessionFailures.NotRunning(Name, Phase);
        var again = Phase == SessionPhase.Failed && wanted == SessionWish.Running;
        if (Wanted == wanted && !again)
            return false;
        if (again)
        {
            Enter(SessionPhase.Pending);
            RestartCount++;
        }

        Wanted = wanted;
        Cause = cause;
        RestartPending = RestartPending && wanted == SessionWish.Running;
        Changed("state");
        return true;
    }

    /// <summary>Another longest life, counted from the start.</summary>
    public void Last(TimeSpan duration)
    {
        MaxDuration = duration;
        if (ExpiresAt is not null && StartedAt is { } started)
            ExpiresAt = started + duration;
    }

    /// <summary>Other limits; false when they are the same. Processes that are there get them from the reconciler.</summary>
    public bool Relimit(int cpu, long memory, long storage, Dictionary<string, string> from)
    {
        var same = (cpu, memory, storage) == (CpuMillicores, MemoryBytes, StorageBytes);
        if (same && from.Count == LimitsFrom.Count && from.All(f => LimitsFrom.GetValueOrDefault(f.Key) == f.Value))
            return false;
        (CpuMillicores, MemoryBytes, StorageBytes, LimitsFrom) = (cpu, memory, storage, from);
        if (!same && MayHaveProcesses)
            LimitsState = LimitsState.Pending;
        Changed("resources");
        Tell(now => new SessionResourcesUpdated(now, null, null, LimitsNow()));
        return true;
    }

    private LimitsNow LimitsNow() => new(Quantity.Millicores(CpuMillicores), Quantity.Bytes(MemoryBytes), Quantity.Bytes(StorageBytes));

    /// <summary>Wishes for new processes.</summary>
    public Result<bool> WishRestart()
    {
        if (Wanted == SessionWish.Terminated)
            return SessionFailures.Over(Name);
        var running = Phase is SessionPhase.Running or SessionPhase.Frozen or SessionPhase.Freezing or SessionPhase.Waking;
        if (!running)
            return Wish(SessionWish.Running, "manual");
        Wanted = SessionWish.Running;
        Cause = "manual";
        RestartPending = true;
        RestartCount++;
        Changed("state");
        return true;
    }
}
