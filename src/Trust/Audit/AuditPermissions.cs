using StreamSpace.Kernel;

namespace StreamSpace.Audit;

internal static class AuditPermissions
{
    /// <summary>Read the audit.</summary>
    public static readonly Permission View = new("audit.view", "Read the audit: who did what, when, from where.", Roles.Auditor);

    /// <summary>Take the audit away.</summary>
    public static readonly Permission Export = new("audit.export", "Download the audit as CSV or JSON.", Roles.Auditor);
}
