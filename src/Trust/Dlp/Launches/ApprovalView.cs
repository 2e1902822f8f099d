using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>An approval to launch, as the API shows it.</summary>
/// <param name="Id">The approval.</param>
/// <param name="User">Who asked.</param>
/// <param name="Template">Name of the template.</param>
/// <param name="TemplateTitle">What people called it then.</param>
/// <param name="Reason">Why, in the words of who asked.</param>
/// <param name="PolicyName">The policy that demands it.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="ExpiresAt">Until when it waits, or can be used.</param>
/// <param name="Once">Good for one launch; else for any number until it expires.</param>
/// <param name="Uses">How many sessions were launched with it.</param>
/// <param name="Session">The last of them; null for none.</param>
/// <param name="DecidedBy">Who decided; null while nobody has.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="Answer">What they said; null for nothing.</param>
/// <param name="Mine">Whether the caller asked for it, and so cannot decide it.</param>
public sealed record ApprovalView(
    LaunchApprovalId Id, ViolationPerson User, string Template, string TemplateTitle, string Reason, string PolicyName, ApprovalStatus Status, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt,
    bool Once, int Uses, SessionId? Session, ViolationPerson? DecidedBy, DateTimeOffset? DecidedAt, string? Answer, bool Mine);

internal static class ApprovalMapping
{
    public static ApprovalView ToView(this Approval a, UserId caller, DateTimeOffset now) => new(
        a.Id, new(a.UserId, a.Username), a.Template, a.TemplateTitle, a.Reason, a.PolicyName, a.StatusAt(now), a.AskedAt, a.ExpiresAt, a.Once, a.Uses, a.SessionId,
        a.DecidedBy is { } by ? new(by, a.DecidedByName ?? "") : null, a.DecidedAt, a.Answer, a.UserId == caller);
}
