using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>Where a violation stands.</summary>
public enum IncidentStatus
{
    /// <summary>No violation: it was only remembered.</summary>
    Recorded,

    /// <summary>Nobody has looked at it yet.</summary>
    Open,

    /// <summary>Somebody looked at it.</summary>
    Reviewed,

    /// <summary>Closed: it was one.</summary>
    Resolved,

    /// <summary>Closed: it was none.</summary>
    FalsePositive,
}

/// <summary>Something that was blocked, warned about or remembered. What was blocked or warned about is a violation.</summary>
internal sealed class Incident
{
    public const int LongestContent = 1000;

    public required DlpViolationId Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required IncidentOutcome Outcome { get; init; }

    public required DlpChannel Channel { get; init; }

    public required IncidentReason Reason { get; init; }

    public required DlpPolicyId PolicyId { get; init; }

    public required string PolicyName { get; init; }

    public required DlpSeverity Severity { get; init; }

    public required SessionId SessionId { get; init; }

    public required UserId OwnerId { get; init; }

    public required UserId UserId { get; init; }

    public required string Username { get; init; }

    public ViewerId? ViewerId { get; init; }

    public long Bytes { get; init; }

    public string Format { get; init; } = "";

    public string? Finding { get; init; }

    public int Matches { get; init; }

    public int Times { get; init; } = 1;

    /// <summary>The beginning of the text; null unless the policy says that it is kept.</summary>
    public string? Content { get; init; }

    /// <summary>Name of the file; null where there is none.</summary>
    public string? File { get; init; }

    /// <summary>Name of the session's template; empty for incidents from before it was written down.</summary>
    public required string Template { get; init; }

    /// <summary>Administrators are told at once.</summary>
    public bool Notify { get; init; }

    public IncidentStatus Status { get; private set; }

    public string? Resolution { get; private set; }

    public UserId? ResolvedBy { get; private set; }

    public string? ResolvedByName { get; private set; }

    public DateTimeOffset? ResolvedAt { get; private set; }

    public static Incident Of(StreamIncident told) => new()
    {
        Id = DlpViolationId.New(), At = told.At, Outcome = told.Outcome, Channel = told.Channel, Reason = told.Reason, PolicyId = told.Policy.Id, PolicyName = told.Policy.Name,
        Severity = told.Policy.Severity, SessionId = told.Session, OwnerId = told.Owner, UserId = told.User, Username = told.Username, ViewerId = told.Viewer, Bytes = told.Bytes,
        Format = told.Format, Finding = told.Finding, Matches = told.Matches, Times = told.Times, Content = Clean(told.Content), File = Clean(told.File),
        Template = told.Template, Notify = told.Policy.NotifyAdmin && told.Outcome != IncidentOutcome.Allowed,
        Status = told.Outcome == IncidentOutcome.Allowed ? IncidentStatus.Recorded : IncidentStatus.Open,
    };

    public DlpIncidentNow ToNow() => new(Id, Channel, Reason, PolicyId, PolicyName, Severity, ViewerId, Bytes, Format, Finding, Times, File);

    /// <summary>Somebody looked at it, or closes it. Closed stays closed.</summary>
    public Failure? Move(IncidentStatus to, string? resolution, UserId by, string byName, DateTimeOffset now)
    {
        if (Status is IncidentStatus.Resolved or IncidentStatus.FalsePositive)
            return ViolationFailures.Closed;
        if (to is IncidentStatus.Resolved or IncidentStatus.FalsePositive && string.IsNullOrWhiteSpace(resolution))
            return Failure.Field("resolution", "is needed to close a violation: say what was found out.");
        Status = to;
        Resolution = string.IsNullOrWhiteSpace(resolution) ? Resolution : resolution.Trim();
        (ResolvedBy, ResolvedByName, ResolvedAt) = (by, byName, now);
        return null;
    }

    // PostgreSQL takes no NUL, and half a character is none.
    private static string? Clean(string? text)
    {
        if (text is null)
            return null;
        text = text.Replace('\0', '\uFFFD');
        return text.Length <= LongestContent ? text : text[..(char.IsHighSurrogate(text[LongestContent - 1]) ? LongestContent - 1 : LongestContent)];
    }
}

internal static class ViolationFailures
{
    public static readonly Failure NoSuchViolation = Failure.Missing("violation");
    public static readonly Failure Closed = new(FailureKind.Conflict, "ALREADY_CLOSED", "This violation is closed already.");
}
