using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>A policy, as the API shows it.</summary>
/// <param name="Id">The policy.</param>
/// <param name="Name">What people are told when it blocks something.</param>
/// <param name="Description">For administrators.</param>
/// <param name="Enabled">Whether it counts.</param>
/// <param name="Priority">Higher goes first where values have no order.</param>
/// <param name="Severity">How grave a violation is.</param>
/// <param name="ApplyTo">Whom it is about.</param>
/// <param name="Rules">What it says.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
/// <param name="Version">Counts changes; the ETag.</param>
/// <param name="Kind">Whether it restricts or loosens.</param>
/// <param name="Reason">Why there is an exception; null for a restriction.</param>
/// <param name="ExpiresAt">Until when an exception counts; null for a restriction.</param>
/// <param name="NotifyAdmin">Whether administrators are told of violations at once.</param>
public sealed record PolicyView(
    DlpPolicyId Id, string Name, string Description, bool Enabled, int Priority, DlpSeverity Severity, PolicyScope ApplyTo, PolicyRules Rules,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version, PolicyKind Kind, string? Reason, DateTimeOffset? ExpiresAt, bool NotifyAdmin);

internal static class PolicyMapping
{
    public static PolicyView ToView(this Policy p) => new(p.Id, p.Name, p.Description, p.Enabled, p.Priority, p.Severity, p.Scope, p.Rules, p.CreatedAt, p.UpdatedAt, p.Version, p.Kind, p.Reason, p.ExpiresAt, p.NotifyAdmin);
}
