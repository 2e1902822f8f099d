using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Approvals;

/// <summary>Where a request stands. On the wire and in the database: the names in lower case.</summary>
public enum AccessState
{
    /// <summary>Nobody has decided yet.</summary>
    Pending,

    /// <summary>The person may look until it expires.</summary>
    Approved,

    /// <summary>They may not, or not any more.</summary>
    Denied,

    /// <summary>It was approved, and its time is over. Never stored.</summary>
    Expired,
}

/// <summary>Somebody asks to look at a recording that needs another person's approval.</summary>
internal sealed class AccessRequest
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public RecordingId RecordingId { get; init; }

    public UserId UserId { get; init; }

    public string UserName { get; init; } = "";

    public string Reason { get; init; } = "";

    public int Hours { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public AccessState State { get; private set; }

    public UserId? DecidedBy { get; private set; }

    public string? DecidedByName { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public string? Note { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>Asks; refused where nothing needs to be asked.</summary>
    /// <param name="recording">What to look at.</param>
    /// <param name="latest">The caller's latest request for it; null when there is none.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="hours">For how long.</param>
    /// <param name="now">The time.</param>
    public static Result<AccessRequest> Ask(Recording recording, AccessRequest? latest, ICaller caller, string reason, int hours, DateTimeOffset now)
    {
        if (!recording.RequireApproval)
            return AccessFailures.NotNeeded;
        if (latest is { State: AccessState.Pending })
            return AccessFailures.AlreadyAsked;
        if (latest?.At(now) == AccessState.Approved)
            return AccessFailures.AlreadyApproved;
        return new AccessRequest { RecordingId = recording.Id, UserId = caller.UserId, UserName = caller.Name, Reason = reason.Trim(), Hours = hours, AskedAt = now };
    }

    /// <summary>The state as people see it.</summary>
    public AccessState At(DateTimeOffset now) => State == AccessState.Approved && ExpiresAt <= now ? AccessState.Expired : State;

    /// <summary>Nobody decides for themselves, and nothing is decided twice; but what was approved may be taken back.</summary>
    public Failure? Decide(bool approve, ICaller caller, int? hours, string? note, DateTimeOffset now)
    {
        if (caller.Id == UserId)
            return AccessFailures.NotOneself;
        var state = At(now);
        if (!(state == AccessState.Pending || (!approve && state == AccessState.Approved)))
            return AccessFailures.Decided;
        (State, DecidedBy, DecidedByName, DecidedAt, Note) = (approve ? AccessState.Approved : AccessState.Denied, caller.UserId, caller.Name, now, note?.Trim());
        ExpiresAt = approve ? now.AddHours(hours ?? Hours) : null;
        return null;
    }

    public RecordingAccessDecided Told(SessionId session) => new(RecordingId, session, UserId, State == AccessState.Approved, ExpiresAt);
}

/// <summary>Every way in which asking and deciding can fail.</summary>
internal static class AccessFailures
{
    public static readonly Failure Missing = Failure.Missing("access request");

    public static readonly Failure NotNeeded = new(FailureKind.Conflict, "APPROVAL_NOT_NEEDED", "This recording may be looked at without anybody's approval.");

    public static readonly Failure AlreadyAsked = new(FailureKind.Conflict, "ALREADY_ASKED", "You have asked already, and nobody has decided yet.");

    public static readonly Failure AlreadyApproved = new(FailureKind.Conflict, "ALREADY_APPROVED", "You may look at this recording already.");

    public static readonly Failure NotOneself = new(FailureKind.Denied, "NOT_ONESELF", "Nobody decides about their own request. Another person must.");

    public static readonly Failure Decided = new(FailureKind.Conflict, "ALREADY_DECIDED", "This request was decided already.");
}
