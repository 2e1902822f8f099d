using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions;

/// <summary>What is. Only the reconciler moves a session along its phases.</summary>
internal sealed partial class Session
{
    /// <summary>True while processes of the session may hold memory and CPU.</summary>
    public bool MayHaveProcesses => Phase is not (SessionPhase.Pending or SessionPhase.Queued or SessionPhase.Hibernated or SessionPhase.Terminated);

    /// <summary>There is no capacity yet.</summary>
    public void Queue(DateTimeOffset now)
    {
        QueuedAt ??= now;
        Enter(SessionPhase.Queued);
    }

    /// <summary>Its place in the queue changed.</summary>
    public void MoveInQueue(int position)
    {
        if (QueuePosition == position)
            return;
        QueuePosition = position;
        Tell(fact => new SessionProgressed(fact));
    }

    /// <summary>Capacity is reserved.</summary>
    public void Admit()
    {
        Admitted = true;
        QueuedAt = null;
        QueuePosition = null;
    }

    /// <summary>A launch begins: the first, a wake from hibernation, or a new try.</summary>
    public void BeginLaunch(LaunchNow progress)
    {
        Generation++;
        Progress = progress;
        Handle = null;
        LimitsState = LimitsState.Applied; // this start has them; a change from here on is pending again
        Enter(HibernatedAt is not null ? SessionPhase.Waking : SessionPhase.Starting);
    }

    /// <summary>The launch went on.</summary>
    public void Advance(LaunchNow progress, LaunchStep step)
    {
        Progress = progress;
        if (step == LaunchStep.PrepareImage && Phase == SessionPhase.Starting)
            Enter(SessionPhase.Preparing);
        else if (step > LaunchStep.PrepareImage && Phase == SessionPhase.Preparing)
            Enter(SessionPhase.Starting);
        Tell(now => new SessionProgressed(now));
    }

    /// <summary>The display answers.</summary>
    public void Launched(string? handle, LaunchNow progress, DateTimeOffset now)
    {
        var from = HibernatedAt is not null ? "hibernated" : Generation > 1 ? "restart" : "launch";
        Handle = handle;
        Progress = progress;
        Timings = progress.Steps.Where(s => s.Ms is not null).ToDictionary(s => s.Name, s => s.Ms!.Value, StringComparer.Ordinal);
        Save(HibernatedAt, now, memoryToo: true);
        var woken = HibernatedAt is not null;
        Run(now);
        Tell(fact => new SessionStarted(fact, Generation, progress.ElapsedMs, from));
        if (woken)
            Tell(fact => new SessionWoken(fact, "hibernated"));
    }

    /// <summary>Its processes were found running: after a restart of the server, or when a lost runtime came back.</summary>
    public void Adopt(DateTimeOffset now)
    {
        var comesBack = Phase != SessionPhase.Running;
        if (!comesBack)
            return;
        Generation = Math.Max(1, Generation);
        Admitted = true;
        Run(StartedAt ?? now);
        Tell(fact => new SessionStarted(fact, Generation, 0, "adopted"));
    }

    /// <summary>On the way to frozen, hibernated, running or the end.</summary>
    public void Begin(SessionPhase way) => Enter(way);

    /// <summary>Processes are paused.</summary>
    public void Freeze(DateTimeOffset now)
    {
        if (Phase == SessionPhase.Frozen)
            return;
        FrozenAt ??= now;
        var cause = Cause == "idle" ? "idle" : "manual";
        if (cause == "idle")
            IdleFreezes++;
        else
            ManualFreezes++;
        Enter(SessionPhase.Frozen);
        Tell(fact => new SessionFrozen(fact, cause));
    }

    /// <summary>Paused processes go on.</summary>
    public void Thaw(DateTimeOffset now)
    {
        if (Phase == SessionPhase.Running)
            return;
        var since = FrozenAt ?? now;
        Save(FrozenAt, now, memoryToo: false);
        FrozenAt = null;
        Enter(SessionPhase.Running);
        Tell(fact => new SessionThawed(fact, (long)(now - since).TotalMilliseconds));
        Tell(fact => new SessionWoken(fact, "frozen"));
    }

    /// <summary>The processes are gone and a new start is wished for.</summary>
    public void StoppedForRestart(DateTimeOffset now)
    {
        Save(FrozenAt, now, memoryToo: false);
        FrozenAt = null;
        RestartPending = false;
        Enter(SessionPhase.Starting);
        Tell(fact => new SessionStopped(fact, "restart"));
    }

    /// <summary>The processes are gone, the home is kept.</summary>
    public void Hibernate(DateTimeOffset now)
    {
        var had = MayHaveProcesses && Generation > 0;
        var cause = Cause is "idle" or "schedule" or "policy" ? Cause : "manual";
        Save(FrozenAt, now, memoryToo: false);
        (FrozenAt, ExpiresAt, Progress, Admitted, QueuedAt, QueuePosition) = (null, null, null, false, null, null);
        HibernatedAt = now;
        if (cause == "manual")
            ManualHibernations++;
        else
            IdleHibernations++;
        Enter(SessionPhase.Hibernated);
        Tell(fact => new SessionHibernated(fact, cause));
        if (had)
            Tell(fact => new SessionStopped(fact, "hibernated"));
    }

    /// <summary>It is over.</summary>
    public void End(DateTimeOffset now)
    {
        if (Phase == SessionPhase.Terminated)
            return;
        var had = MayHaveProcesses && Generation > 0;
        var cause = Cause == "expired" ? "expired" : "manual";
        (FrozenAt, ExpiresAt, Progress, Admitted, QueuedAt, QueuePosition, RestartPending) = (null, null, null, false, null, null, false);
        TerminatedAt = now;
        Enter(SessionPhase.Terminated);
        if (had)
            Tell(fact => new SessionStopped(fact, "ended"));
        Tell(fact => new SessionDeleted(fact, cause));
    }

    /// <summary>It stopped against its wish.</summary>
    public void Fail(string reason, string message)
    {
        if (Phase == SessionPhase.Failed && Reason == reason)
            return;
        var had = Phase is SessionPhase.Running or SessionPhase.Frozen or SessionPhase.Freezing or SessionPhase.Hibernating;
        Progress = Progress is not null && Phase is SessionPhase.Preparing or SessionPhase.Starting or SessionPhase.Waking ? LaunchTrack.Failed(Progress) : null;
        // Where the runtime only stopped answering, the processes may live on and still hold what they hold.
        Admitted = Admitted && reason == RuntimeReasons.RuntimeLost;
        (QueuedAt, QueuePosition, RestartPending) = (null, null, false);
        Enter(SessionPhase.Failed, reason, message);
        Tell(fact => new SessionFailed(fact, reason, message, true, null));
        if (had && reason != RuntimeReasons.RuntimeLost)
            Tell(fact => new SessionStopped(fact, "failed"));
    }

    /// <summary>A program was killed for memory; the session lives on.</summary>
    public void LostProgram(string? program)
    {
        var name = program is { Length: > 0 } ? program : "A program";
        Tell(fact => new SessionFailed(fact, RuntimeReasons.OutOfMemory, $"{name} was ended because the session's memory ran out. Close something, or launch with more memory.", false, program));
    }

    /// <summary>Its limit on processes refused new ones; the session lives on.</summary>
    public void Crowded() => Tell(fact => new SessionFailed(
        fact, RuntimeReasons.ProcessLimit, "The session has as many processes as it may have, so no new one could start. Close something; if a program keeps starting itself, restart the session.", false, null));

    /// <summary>Its processes have these limits now, unless others were wished for meanwhile.</summary>
    public void Limited(int cpu, long memory)
    {
        if (LimitsState != LimitsState.Pending || (cpu, memory) != (CpuMillicores, MemoryBytes))
            return;
        LimitsState = LimitsState.Applied;
        Tell(fact => new SessionResourcesUpdated(fact, null, null, LimitsNow()));
    }

    /// <summary>Its processes cannot be given these limits; the next start can, unless others were wished for meanwhile.</summary>
    public void NotLimited(int cpu, long memory, string reason, string message)
    {
        if (LimitsState != LimitsState.Pending || (cpu, memory) != (CpuMillicores, MemoryBytes))
            return;
        LimitsState = LimitsState.NextStart;
        Tell(fact => new SessionFailed(fact, reason, $"{message} The new limits hold from its next start.", false, null));
    }

    /// <summary>The runtime cannot do what was wished for, so the wish is taken back.</summary>
    public void TakeBack(string reason, string message)
    {
        Wanted = SessionWish.Running;
        Cause = "manual";
        Enter(SessionPhase.Running);
        Changed("state");
        Tell(fact => new SessionFailed(fact, reason, message, false, null));
    }

    private void Run(DateTimeOffset started)
    {
        (HibernatedAt, FrozenAt, RestartPending) = (null, null, false);
        StartedAt = started;
        ExpiresAt = MaxDuration > TimeSpan.Zero ? started + MaxDuration : null;
        Enter(SessionPhase.Running);
    }

    private void Enter(SessionPhase phase, string? reason = null, string? message = null)
    {
        var before = Phase;
        (Phase, Reason, Message) = (phase, reason, message);
        if (before != phase)
            Tell(fact => new SessionStateChanged(fact, before));
    }

    // Hours of CPU and memory that were not held because the session slept.
    private void Save(DateTimeOffset? since, DateTimeOffset now, bool memoryToo)
    {
        if (since is not { } start || now <= start)
            return;
        var hours = (now - start).TotalHours;
        SavedCpuHours += hours * CpuMillicores / 1000;
        if (memoryToo)
            SavedMemoryHours += hours * MemoryBytes / (1L << 30);
    }
}
