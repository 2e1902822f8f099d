namespace StreamSpace.Contracts.Sessions;

/// <summary>What a session shall be. On the wire <c>state</c>, the names in lower case.</summary>
public enum SessionWish
{
    /// <summary>Processes run.</summary>
    Running,

    /// <summary>Processes paused, memory kept.</summary>
    Frozen,

    /// <summary>Processes gone, home kept.</summary>
    Hibernated,

    /// <summary>Over.</summary>
    Terminated,
}
