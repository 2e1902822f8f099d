using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

internal static class DlpPermissions
{
    /// <summary>See policies, violations and statistics.</summary>
    public static readonly Permission View = new("dlp.view", "See data protection policies, and what was blocked.", Roles.Auditor);

    /// <summary>Change policies and close violations.</summary>
    public static readonly Permission Manage = new("dlp.manage", "Make and change data protection policies, and close violations.");

    /// <summary>See what a launch demands, and ask for it.</summary>
    public static readonly Permission Ask = new("approvals.ask", "See what has to be done before a launch, and ask for an approval.", Roles.Everyday | Roles.Auditor | Roles.ReadOnly);

    /// <summary>Decide about launches.</summary>
    public static readonly Permission Decide = new("approvals.decide", "Grant and refuse approvals that other people ask for before they launch.");
}
