namespace StreamSpace.Contracts.Dlp;

/// <summary>Somebody asks for an approval to launch.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.asked", "Somebody asks for an approval to launch a template.", Audience = "approvals.decide")]
public sealed record ApprovalAsked(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>An approval to launch was granted.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.granted", "An approval to launch a template was granted.", Audience = "approvals.decide")]
public sealed record ApprovalGranted(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>An approval to launch was refused.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.refused", "An approval to launch a template was refused.", Audience = "approvals.decide")]
public sealed record ApprovalRefused(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>Who asked for an approval no longer wants it.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.withdrawn", "Who asked for an approval to launch no longer wants it.", Audience = "approvals.decide")]
public sealed record ApprovalWithdrawn(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>An approval was not decided, or not used, in time.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.expired", "An approval to launch was not decided, or not used, in time.", Audience = "approvals.decide")]
public sealed record ApprovalExpired(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>A session was launched with an approval.</summary>
/// <param name="Approval">The approval.</param>
[Event("approval.used", "A session was launched with an approval.", Audience = "approvals.decide")]
public sealed record ApprovalUsed(ApprovalNow Approval) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"approval:{Approval.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Approval.User;
}

/// <summary>An approval as it stood when an event about it was written.</summary>
/// <param name="Id">The approval.</param>
/// <param name="User">Who asked.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Template">Name of the template.</param>
/// <param name="TemplateTitle">What people call it.</param>
/// <param name="Reason">Why, in their words.</param>
/// <param name="Status"><c>pending</c>, <c>granted</c>, <c>refused</c>, <c>withdrawn</c>, <c>expired</c> or <c>used</c>.</param>
/// <param name="DecidedBy">User name of who decided; null while nobody has.</param>
/// <param name="Answer">What they said; null for nothing.</param>
/// <param name="ExpiresAt">Until when it waits, or is good.</param>
/// <param name="Session">The session that was launched with it last; null for none.</param>
public sealed record ApprovalNow(
    LaunchApprovalId Id, UserId User, string Username, string Template, string TemplateTitle, string Reason, string Status, string? DecidedBy, string? Answer, DateTimeOffset ExpiresAt, SessionId? Session);
