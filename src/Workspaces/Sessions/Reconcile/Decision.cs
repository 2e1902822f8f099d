using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions;

/// <summary>What the reconciler does next with a session.</summary>
internal enum Move
{
    /// <summary>What is, is what is wanted.</summary>
    Rest,

    /// <summary>Ask for capacity, then launch.</summary>
    Launch,

    /// <summary>Note that its processes were found running.</summary>
    Adopt,

    /// <summary>Let it go on.</summary>
    Thaw,

    /// <summary>Pause it.</summary>
    Freeze,

    /// <summary>Note that its processes were found paused.</summary>
    NoteFrozen,

    /// <summary>End its processes for a restart.</summary>
    StopForRestart,

    /// <summary>End its processes, keep the home.</summary>
    Stop,

    /// <summary>End it and remove what it had.</summary>
    Delete,

    /// <summary>Give its processes the limits that were changed while they ran.</summary>
    Limit,

    /// <summary>Note that its processes went against its wish.</summary>
    NoteStopped,

    /// <summary>Note that its runtime does not answer.</summary>
    NoteLost,

    /// <summary>End what a failed start left behind.</summary>
    Sweep,

    /// <summary>Nothing can be done until the runtime answers; it is inspected again then.</summary>
    Wait,
}

/// <summary>Drives what is to what is wanted. Looks at levels only: it does not matter how they came about, nor who died on the way.</summary>
internal static class Decision
{
    /// <param name="session">What is wanted, and what was noted last.</param>
    /// <param name="actual">What the runtime says; null when it knows nothing of the session.</param>
    /// <param name="reachable">Whether the runtime answers.</param>
    public static Move For(Session session, RuntimeState? actual, bool reachable)
    {
        if (session.Phase == SessionPhase.Terminated)
            return Move.Rest;
        if (!reachable)
            return Unreachable(session);
        var has = actual?.Phase ?? RuntimePhase.Stopped;
        return session.Wanted switch
        {
            SessionWish.Terminated => Move.Delete,
            SessionWish.Hibernated => session.Phase == SessionPhase.Hibernated && has == RuntimePhase.Stopped ? Move.Rest : Move.Stop,
            SessionWish.Frozen => Frozen(session, has),
            _ => Running(session, has),
        };
    }

    private static Move Unreachable(Session session) => session switch
    {
        { Wanted: SessionWish.Terminated } when session.Generation == 0 => Move.Delete,
        { Phase: SessionPhase.Hibernated, Wanted: SessionWish.Hibernated } => Move.Rest,
        { Phase: SessionPhase.Failed } => Move.Wait,
        { Wanted: SessionWish.Terminated or SessionWish.Hibernated } => Move.Wait,
        _ => Move.NoteLost,
    };

    private static Move Frozen(Session session, RuntimePhase has) => has switch
    {
        RuntimePhase.Frozen => session.Phase == SessionPhase.Frozen ? Move.Rest : Move.NoteFrozen,
        RuntimePhase.Running => Move.Freeze,
        RuntimePhase.Starting => Move.Launch,
        _ => session.Phase == SessionPhase.Failed ? Move.Rest : Move.NoteStopped,
    };

    private static Move Running(Session session, RuntimePhase has)
    {
        if (session.RestartPending)
            return Move.StopForRestart;
        switch (has)
        {
            case RuntimePhase.Running:
                return session.Phase switch
                {
                    SessionPhase.Running => session.LimitsState == LimitsState.Pending ? Move.Limit : Move.Rest,
                    SessionPhase.Waking when session.FrozenAt is not null => Move.Thaw,
                    // A launch of ours that a crash cut off after the processes came up: launching again adopts them and finishes the account.
                    SessionPhase.Starting or SessionPhase.Preparing or SessionPhase.Waking or SessionPhase.Pending or SessionPhase.Queued => Move.Launch,
                    // What failed for another reason than a lost runtime stays failed until somebody starts it; its leftovers go.
                    SessionPhase.Failed when session.Reason != RuntimeReasons.RuntimeLost => Move.Sweep,
                    SessionPhase.Frozen or SessionPhase.Freezing => Move.Thaw,
                    _ => Move.Adopt,
                };
            case RuntimePhase.Frozen:
                return session.Phase == SessionPhase.Failed && session.Reason != RuntimeReasons.RuntimeLost ? Move.Sweep : Move.Thaw;
            case RuntimePhase.Starting:
                return Move.Launch;
            default:
                return session.Phase switch
                {
                    SessionPhase.Running or SessionPhase.Frozen or SessionPhase.Freezing => Move.NoteStopped,
                    SessionPhase.Failed => session.Reason == RuntimeReasons.RuntimeLost ? Move.Launch : Move.Rest,
                    _ => Move.Launch,
                };
        }
    }
}
