namespace StreamSpace.Contracts.Sessions;

/// <summary>What a session is, now. On the wire: the names in lower case.</summary>
public enum SessionPhase
{
    /// <summary>Accepted.</summary>
    Pending,

    /// <summary>Waits for capacity.</summary>
    Queued,

    /// <summary>Its image is being pulled or built.</summary>
    Preparing,

    /// <summary>Processes come up.</summary>
    Starting,

    /// <summary>The display answers.</summary>
    Running,

    /// <summary>On the way to frozen.</summary>
    Freezing,

    /// <summary>Processes paused, memory kept.</summary>
    Frozen,

    /// <summary>On the way to hibernated.</summary>
    Hibernating,

    /// <summary>Processes gone, home kept.</summary>
    Hibernated,

    /// <summary>On the way back to running.</summary>
    Waking,

    /// <summary>On the way to its end.</summary>
    Terminating,

    /// <summary>Over.</summary>
    Terminated,

    /// <summary>Stopped against its wish; reason and message say why.</summary>
    Failed,
}
