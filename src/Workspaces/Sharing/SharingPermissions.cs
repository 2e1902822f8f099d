using StreamSpace.Kernel;

namespace StreamSpace.Sharing;

/// <summary>What one may do with shares; which sessions it reaches is decided per session.</summary>
internal static class SharingPermissions
{
    /// <summary>Give and take away.</summary>
    public static readonly Permission Share = new("sessions.share", "Share sessions that one manages with other people.", Roles.Everyday);

    /// <summary>Look, and leave.</summary>
    public static readonly Permission View = new("shares.view", "See whom one's sessions are shared with, and leave what is shared with one.", Roles.Everyone);
}
