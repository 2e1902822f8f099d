namespace StreamSpace.Contracts.Sessions;

/// <summary>Brings a session back because somebody looks at it or types into it. Answered by the Sessions module.</summary>
public interface ISessionWaker
{
    /// <summary>
    /// Records the wish that a session runs and returns without waiting for it; the session's phase tells how it goes on.
    /// Asked twice it does nothing the second time. For a frozen session it must start the thaw at once: a person waits for the key they pressed.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="by">Who woke it.</param>
    /// <param name="cause">What they did.</param>
    /// <param name="ct">Ends the wait, not the wish.</param>
    Task<WakeAnswer> WakeAsync(SessionId session, UserId by, WakeCause cause, CancellationToken ct);
}

/// <summary>What woke a session.</summary>
public enum WakeCause
{
    /// <summary>A viewer connected.</summary>
    Connect,

    /// <summary>A key or pointer button was pressed in a viewer.</summary>
    Input,
}

/// <summary>What came of a wish to wake.</summary>
public enum WakeAnswer
{
    /// <summary>It runs already.</summary>
    Running,

    /// <summary>It is on its way to running (waking, launching or queued).</summary>
    Coming,

    /// <summary>It failed; it is not started again by merely looking at it.</summary>
    Failed,

    /// <summary>It is over, or there is no such session.</summary>
    Gone,
}
