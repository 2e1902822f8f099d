namespace StreamSpace.Contracts.Dlp;

/// <summary>A data protection policy did not let something pass.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Who did it.</param>
/// <param name="Incident">What happened.</param>
[Event("dlp.blocked", "A data protection policy did not let something pass.")]
public sealed record DlpBlocked(SessionId Session, UserId User, DlpIncidentNow Incident) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A data protection policy found something and let it pass.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Who did it.</param>
/// <param name="Incident">What happened.</param>
[Event("dlp.warned", "A data protection policy found something and let it pass with a warning.")]
public sealed record DlpWarned(SessionId Session, UserId User, DlpIncidentNow Incident) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>Something passed that a data protection policy wants remembered.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Who did it.</param>
/// <param name="Incident">What happened.</param>
[Event("dlp.allowed", "Something passed that a data protection policy wants remembered.")]
public sealed record DlpAllowed(SessionId Session, UserId User, DlpIncidentNow Incident) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A policy was violated that wants administrators told at once.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Who did it.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Incident">What happened.</param>
[Event("dlp.reported", "A data protection policy was violated that wants administrators told at once.", Audience = "dlp.view")]
public sealed record DlpReported(SessionId Session, UserId User, string Username, DlpIncidentNow Incident) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"dlp_violation:{Incident.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A violation was looked at and closed.</summary>
/// <param name="Violation">The violation.</param>
/// <param name="Session">The session it happened in.</param>
/// <param name="User">Whose violation it was.</param>
/// <param name="Status"><c>resolved</c> or <c>false_positive</c>.</param>
/// <param name="By">Who closed it.</param>
[Event("dlp.violation.resolved", "A violation of a data protection policy was closed.")]
public sealed record DlpViolationResolved(DlpViolationId Violation, SessionId Session, UserId User, string Status, UserId By) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"dlp_violation:{Violation}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A policy was made, changed or deleted: whoever acts by policies asks again.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Name">Its name.</param>
/// <param name="Change"><c>created</c>, <c>updated</c>, <c>deleted</c>, or <c>expired</c> of an exception.</param>
[Event("dlp.policy.changed", "A data protection policy was made, changed or deleted.", RealtimeOnly = true)]
public sealed record DlpPoliciesChanged(DlpPolicyId Policy, string Name, string Change) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"dlp_policy:{Policy}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>What happened, without any content.</summary>
/// <param name="Id">The incident; of what was blocked or warned about, the violation.</param>
/// <param name="Channel">The way it took.</param>
/// <param name="Reason">Which rule.</param>
/// <param name="PolicyId">The policy that decided.</param>
/// <param name="PolicyName">Its name.</param>
/// <param name="Severity">How grave.</param>
/// <param name="ViewerId">By which viewer.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Format">MIME type; empty where that means nothing.</param>
/// <param name="Finding">Name of what was found; null where nothing was looked for.</param>
/// <param name="Times">How many such incidents stand behind this event.</param>
/// <param name="File">Name of the file; null where there is none.</param>
public sealed record DlpIncidentNow(
    DlpViolationId Id, DlpChannel Channel, IncidentReason Reason, DlpPolicyId PolicyId, string PolicyName, DlpSeverity Severity, ViewerId? ViewerId, long Bytes, string Format, string? Finding, int Times, string? File = null);
