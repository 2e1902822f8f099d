using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Audit;

/// <summary>Settings of the audit, section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>How many days entries are kept; the hashes of forgotten days stay, so that the chain can still be followed.</summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; set; } = 180;
}
