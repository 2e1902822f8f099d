using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>Where an approval stands.</summary>
public enum ApprovalStatus
{
    /// <summary>Asked for, and nobody has decided.</summary>
    Pending,

    /// <summary>Granted: it can be used until it expires.</summary>
    Granted,

    /// <summary>Refused.</summary>
    Refused,

    /// <summary>Who asked no longer wants it.</summary>
    Withdrawn,

    /// <summary>Not decided, or not used, in time.</summary>
    Expired,

    /// <summary>Good for one launch, and used for it.</summary>
    Used,
}

/// <summary>An approval to launch one template: asked for by one person, decided by another.</summary>
internal sealed class Approval
{
    public const int LongestText = 500;
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    public required LaunchApprovalId Id { get; init; }

    public required UserId UserId { get; init; }

    public required string Username { get; init; }

    public required string Template { get; init; }

    public required string TemplateTitle { get; init; }

    /// <summary>The version that was asked for, then the one that was approved: what is approved is what is launched.</summary>
    public required string TemplateVersion { get; set; }

    public required string Reason { get; init; }

    public required DlpPolicyId PolicyId { get; init; }

    public required string PolicyName { get; init; }

    public ApprovalStatus Status { get; private set; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Good for one launch; else for any number until it expires.</summary>
    public bool Once { get; private set; } = true;

    public int Uses { get; private set; }

    public SessionId? SessionId { get; private set; }

    public UserId? DecidedBy { get; private set; }

    public string? DecidedByName { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public string? Answer { get; private set; }

    public static Approval Ask(UserId user, string username, (string Name, string Title, string Version) template, string reason, PolicyRef by, DateTimeOffset now) => new()
    {
        Id = LaunchApprovalId.New(), UserId = user, Username = username, Template = template.Name, TemplateTitle = template.Title, TemplateVersion = template.Version, Reason = reason.Trim(),
        PolicyId = by.Id, PolicyName = by.Name, AskedAt = now, ExpiresAt = now + Patience,
    };

    /// <summary>Grants it for what the template is now.</summary>
    public Failure? Grant(UserId by, string byName, string? answer, TimeSpan lasts, bool once, string templateVersion, DateTimeOffset now)
    {
        if (Decide(ApprovalStatus.Granted, by, byName, answer, now) is { } failure)
            return failure;
        (ExpiresAt, Once, TemplateVersion) = (now + lasts, once, templateVersion);
        return null;
    }

    public Failure? Refuse(UserId by, string byName, string answer, DateTimeOffset now) => Decide(ApprovalStatus.Refused, by, byName, answer, now);

    /// <summary>Taken back by who asked, before it was used up.</summary>
    public Failure? Withdraw(DateTimeOffset now)
    {
        if (!IsOpen(now))
            return ApprovalFailures.Over(this, now);
        Status = ApprovalStatus.Withdrawn;
        return null;
    }

    /// <summary>Used for a session.</summary>
    public void Use(SessionId session)
    {
        Uses++;
        SessionId = session;
        if (Once)
            Status = ApprovalStatus.Used;
    }

    /// <summary>The session did not come to be.</summary>
    public void GiveBack()
    {
        Uses--;
        SessionId = null;
        if (Status == ApprovalStatus.Used)
            Status = ApprovalStatus.Granted;
    }

    public void Expire() => Status = ApprovalStatus.Expired;

    /// <summary>Whether it waits or can be used. The clock decides, not whether somebody has written down yet that it is over.</summary>
    public bool IsOpen(DateTimeOffset now) => Status is ApprovalStatus.Pending or ApprovalStatus.Granted && now < ExpiresAt;

    public ApprovalStatus StatusAt(DateTimeOffset now) => Status is ApprovalStatus.Pending or ApprovalStatus.Granted && now >= ExpiresAt ? ApprovalStatus.Expired : Status;

    public ApprovalNow ToNow() => new(Id, UserId, Username, Template, TemplateTitle, Reason, Words.Of(Status), DecidedByName, Answer, ExpiresAt, SessionId);

    private Failure? Decide(ApprovalStatus to, UserId by, string byName, string? answer, DateTimeOffset now)
    {
        if (by == UserId)
            return ApprovalFailures.Own;
        if (Status != ApprovalStatus.Pending || !IsOpen(now))
            return ApprovalFailures.Over(this, now);
        (Status, DecidedBy, DecidedByName, DecidedAt) = (to, by, byName, now);
        Answer = string.IsNullOrWhiteSpace(answer) ? null : answer.Trim();
        return null;
    }
}

internal static class ApprovalFailures
{
    public static readonly Failure NoSuchApproval = Failure.Missing("approval");
    public static readonly Failure Own = new(FailureKind.Conflict, "OWN_APPROVAL", "You asked for this yourself. Somebody else has to decide.");
    public static readonly Failure NotYours = new(FailureKind.Denied, "NOT_ALLOWED", "Only who asked can take this back.");
    public static readonly Failure NotNeeded = new(FailureKind.Conflict, "APPROVAL_NOT_NEEDED", "No approval is needed to launch this. Launch it.");
    public static readonly Failure Asked = new(FailureKind.Conflict, "ALREADY_ASKED", "You have asked for this already, and nobody has decided yet.");
    public static readonly Failure Granted = new(FailureKind.Conflict, "ALREADY_GRANTED", "You have an approval for this already. Launch it.");
    public static readonly Failure PersonGone = new(FailureKind.Conflict, "PERSON_GONE", "Whoever asked may not log in any more.");

    public static Failure TemplateGone(string title) => new(FailureKind.Conflict, "TEMPLATE_GONE", $"The template {title} is not there any more.");

    public static Failure Over(Approval approval, DateTimeOffset now)
    {
        var status = approval.StatusAt(now);
        var text = status switch
        {
            ApprovalStatus.Expired => "This has expired. It has to be asked for again.",
            ApprovalStatus.Withdrawn => $"{approval.Username} has taken this back.",
            ApprovalStatus.Used => "This was used already.",
            _ => $"{approval.DecidedByName} has decided this already: {Words.Of(status)}.",
        };
        return new(FailureKind.Conflict, "ALREADY_DECIDED", text, new { status = Words.Of(status), decided_by = approval.DecidedByName });
    }
}
