namespace StreamSpace.Contracts.Recordings;

/// <summary>A session is being recorded from now on. About the session and its owner, unless the recording is silent.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="Owner">The session's owner.</param>
/// <param name="Silent">True when the owner is not told.</param>
/// <param name="ByHand">True when a person started it.</param>
/// <param name="Notify">True when the owner gets a notice beside the mark in the viewer.</param>
[Event("session.recording.started", "A session is being recorded from now on.")]
public sealed record SessionRecordingStarted(RecordingId Recording, SessionId Session, UserId Owner, bool Silent, bool ByHand, bool Notify) : IEvent
{
    /// <inheritdoc/>
    public string Subject => Silent ? $"recording:{Recording}" : $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Silent ? null : Owner;
}

/// <summary>A session is not recorded any more.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="Owner">The session's owner.</param>
/// <param name="Silent">True when the owner is not told.</param>
/// <param name="Cause"><c>stopped</c>, <c>time_over</c>, <c>policy</c> or <c>session_ended</c>.</param>
/// <param name="DurationMs">How long it plays.</param>
[Event("session.recording.stopped", "A session is not recorded any more.")]
public sealed record SessionRecordingStopped(RecordingId Recording, SessionId Session, UserId Owner, bool Silent, string Cause, long DurationMs) : IEvent
{
    /// <inheritdoc/>
    public string Subject => Silent ? $"recording:{Recording}" : $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Silent ? null : Owner;
}

/// <summary>Somebody played or downloaded a recording.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="By">Who.</param>
/// <param name="Action"><c>viewed</c> or <c>downloaded</c>.</param>
[Event("recording.viewed", "Somebody played or downloaded a recording.")]
public sealed record RecordingViewed(RecordingId Recording, SessionId Session, UserId By, string Action) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A recording was deleted.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="Cause"><c>manual</c> or <c>retention</c>.</param>
[Event("recording.deleted", "A recording was deleted by hand or because its time was over.")]
public sealed record RecordingDeleted(RecordingId Recording, SessionId Session, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>An export of a recording moved on. For whoever asked for it.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>ready</c>, <c>failed</c> or <c>removed</c>.</param>
/// <param name="Percent">How much of the recording is done, 0 to 100.</param>
[Event("recording.export.moved", "An export of a recording moved on.", RealtimeOnly = true)]
public sealed record RecordingExportMoved(RecordingId Recording, SessionId Session, UserId By, string State, int Percent) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => By;
}

/// <summary>Somebody asks to look at a recording that needs approval.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="By">Who asks.</param>
[Event("recording.access.requested", "Somebody asks to look at a recording that needs another person's approval.")]
public sealed record RecordingAccessRequested(RecordingId Recording, SessionId Session, UserId By) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A request to look at a recording was decided. For whoever asked.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="By">Who asked.</param>
/// <param name="Approved">True when they may look.</param>
/// <param name="ExpiresAt">Until when.</param>
[Event("recording.access.decided", "A request to look at a recording was approved or denied.")]
public sealed record RecordingAccessDecided(RecordingId Recording, SessionId Session, UserId By, bool Approved, DateTimeOffset? ExpiresAt) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => By;
}

/// <summary>A recording that somebody watches while it goes on has more to show. For each who watches it.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Session">The session.</param>
/// <param name="Watcher">Who watches.</param>
/// <param name="Segment">Number of the segment that grew; 0 when the recording ended.</param>
/// <param name="Ended">True when it ended.</param>
[Event("recording.grew", "A recording that somebody watches while it goes on has more to show.", RealtimeOnly = true)]
public sealed record RecordingGrew(RecordingId Recording, SessionId Session, UserId Watcher, int Segment, bool Ended) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"recording:{Recording}";

    /// <inheritdoc/>
    public UserId? Concerns => Watcher;
}
