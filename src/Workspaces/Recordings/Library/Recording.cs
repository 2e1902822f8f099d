using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Library;

/// <summary>Where a recording stands. On the wire and in the database: the names in lower case.</summary>
public enum RecordingState
{
    /// <summary>Goes on, also while its session is frozen.</summary>
    Recording,

    /// <summary>Over.</summary>
    Ended,

    /// <summary>Its pictures are gone; only who looked at it is still known.</summary>
    Deleted,
}

/// <summary>What a recording is made with.</summary>
/// <param name="FramesPerSecond">Most pictures in a second.</param>
/// <param name="RetentionDays">Deleted so long after its end.</param>
/// <param name="AllowPlayback">The owner may play it.</param>
/// <param name="AllowDownload">The owner may download it.</param>
/// <param name="Silent">The owner is not told.</param>
/// <param name="RequireReason">Whoever looks must say why.</param>
/// <param name="Policy">Name of the policy behind them; null when there is none.</param>
/// <param name="RequireApproval">Whoever looks needs another person's approval.</param>
/// <param name="Notify">The owner gets a notice when it begins.</param>
internal sealed record RecordingTerms(
    int FramesPerSecond, int RetentionDays, bool AllowPlayback, bool AllowDownload, bool Silent, bool RequireReason = false, string? Policy = null, bool RequireApproval = false, bool Notify = false);

/// <summary>The session that is recorded.</summary>
internal sealed record RecordedSession(SessionId Id, string Name, UserId Owner, string OwnerName, string Template, SessionPhase Phase);

/// <summary>One recording of one session.</summary>
internal sealed class Recording
{
    public RecordingId Id { get; private set; }

    public SessionId SessionId { get; private set; }

    public string SessionName { get; private set; } = "";

    public UserId OwnerId { get; private set; }

    public string OwnerName { get; private set; } = "";

    public string Template { get; private set; } = "";

    public RecordingState State { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public UserId? StartedBy { get; private set; }

    public string StartedByName { get; private set; } = "";

    public string? Reason { get; private set; }

    public bool ByHand { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public string? EndReason { get; private set; }

    public bool StopAsked { get; private set; }

    /// <summary>It ends then by itself.</summary>
    public DateTimeOffset? StopAt { get; init; }

    /// <summary>What it will have ended by; null for a person's wish.</summary>
    public string? StopReason { get; private set; }

    public Guid? PolicyId { get; private set; }

    public int FramesPerSecond { get; private set; }

    public int RetentionDays { get; private set; }

    public bool AllowPlayback { get; private set; }

    public bool AllowDownload { get; private set; }

    public bool Silent { get; private set; }

    public bool RequireReason { get; private set; }

    public bool RequireApproval { get; private set; }

    public string? Policy { get; private set; }

    public string? HoldReason { get; private set; }

    public DateTimeOffset? KeepUntil { get; private set; }

    /// <summary>Sealed.</summary>
    public string Key { get; private set; } = "";

    public string? Holder { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public static Result<Recording> Start(
        RecordedSession session, ICaller caller, string? reason, RecordingTerms terms, string sealedKey, DateTimeOffset now, DateTimeOffset? stopAt = null)
    {
        if (session.Phase is SessionPhase.Terminating or SessionPhase.Terminated)
            return RecordingFailures.SessionOver;
        return new Recording
        {
            Id = RecordingId.New(), SessionId = session.Id, SessionName = session.Name, OwnerId = session.Owner, OwnerName = session.OwnerName, Template = session.Template,
            State = RecordingState.Recording, StartedAt = now, StartedBy = caller.Id, StartedByName = caller.Name, Reason = reason, ByHand = caller.Id is not null,
            FramesPerSecond = terms.FramesPerSecond, RetentionDays = terms.RetentionDays, AllowPlayback = terms.AllowPlayback, AllowDownload = terms.AllowDownload,
            Silent = terms.Silent, RequireReason = terms.RequireReason, RequireApproval = terms.RequireApproval, Policy = terms.Policy, Key = sealedKey, StopAt = stopAt,
        };
    }

    public SessionRecordingStarted Started(bool notify) => new(Id, SessionId, OwnerId, Silent, ByHand, notify && !Silent);

    /// <summary>Whoever holds it ends it within a second or two.</summary>
    public Failure? AskToStop(ICaller caller)
    {
        if (!caller.May(RecordingsPermissions.ManageAll) && StartedBy != caller.Id)
            return RecordingFailures.NotYoursToStop;
        StopAsked = true;
        return null;
    }

    /// <summary>No policy wants it any more, or another one does.</summary>
    public void StopByPolicy() => (StopAsked, StopReason) = (true, StopAsked ? StopReason : "policy");

    /// <summary>What its policy says now holds for it; how often pictures are taken does from the next recording on.</summary>
    public void Follow(Guid policy, RecordingTerms terms)
    {
        (PolicyId, Policy, RetentionDays, AllowPlayback, AllowDownload) = (policy, terms.Policy, terms.RetentionDays, terms.AllowPlayback, terms.AllowDownload);
        (RequireReason, RequireApproval) = (terms.RequireReason, terms.RequireApproval);
    }

    public SessionRecordingStopped End(string reason, long durationMs, DateTimeOffset now)
    {
        (State, EndedAt, EndReason, KeepUntil, Holder, LeaseUntil) = (RecordingState.Ended, now, reason, now.AddDays(RetentionDays), null, null);
        return new(Id, SessionId, OwnerId, Silent, reason, durationMs);
    }

    public void Hold(string? reason) => HoldReason = reason;

    public Result<RecordingDeleted> Delete(string cause)
    {
        if (State == RecordingState.Recording)
            return RecordingFailures.StillRecording;
        if (HoldReason is not null)
            return RecordingFailures.Held;
        (State, KeepUntil, Key) = (RecordingState.Deleted, null, "");
        return new RecordingDeleted(Id, SessionId, cause);
    }
}
