using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>A violation, as the API shows it. The content is shown one by one only, since every look at it is audited.</summary>
/// <param name="Id">The violation.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">Blocked or warned.</param>
/// <param name="Channel">Which way.</param>
/// <param name="Reason">Which rule.</param>
/// <param name="Policy">The policy that decided.</param>
/// <param name="Session">The session.</param>
/// <param name="User">Who did it.</param>
/// <param name="ViewerId">By which viewer.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Format">MIME type; empty where that means nothing.</param>
/// <param name="Finding">What was found; null where nothing was looked for.</param>
/// <param name="Matches">How often it was found.</param>
/// <param name="Times">How many incidents stand behind it.</param>
/// <param name="HasContent">Whether the beginning of the text was kept.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Resolution">What was found out.</param>
/// <param name="ResolvedBy">Who moved it last; null while it is open.</param>
/// <param name="ResolvedAt">When.</param>
/// <param name="File">Name of the file; null where there is none.</param>
/// <param name="Notify">Whether administrators were told of it at once.</param>
public sealed record ViolationView(
    DlpViolationId Id, DateTimeOffset At, IncidentOutcome Outcome, DlpChannel Channel, IncidentReason Reason, PolicyRef Policy, SessionId Session, ViolationPerson User, ViewerId? ViewerId,
    long Bytes, string Format, string? Finding, int Matches, int Times, bool HasContent, IncidentStatus Status, string? Resolution, ViolationPerson? ResolvedBy, DateTimeOffset? ResolvedAt, bool Notify, string? File);

/// <summary>A person as they were called then.</summary>
/// <param name="Id">The person.</param>
/// <param name="Username">Their user name.</param>
public sealed record ViolationPerson(UserId Id, string Username);

internal static class ViolationMapping
{
    public static ViolationView ToView(this Incident i) => new(
        i.Id, i.At, i.Outcome, i.Channel, i.Reason, new(i.PolicyId, i.PolicyName, i.Severity), i.SessionId, new(i.UserId, i.Username), i.ViewerId, i.Bytes, i.Format, i.Finding, i.Matches, i.Times,
        i.Content is not null, i.Status, i.Resolution, i.ResolvedBy is { } by ? new(by, i.ResolvedByName ?? "") : null, i.ResolvedAt, i.Notify, i.File);
}
