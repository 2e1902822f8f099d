using StreamSpace.Kernel;

namespace StreamSpace.Streaming;

/// <summary>What a caller may do with streams; which sessions it reaches is decided per session.</summary>
internal static class StreamingPermissions
{
    public static readonly Permission Open = new("viewers.open", "Open the display of sessions one may look at.", Roles.Everyone);

    public static readonly Permission List = new("viewers.list", "See who looks at sessions one may look at.", Roles.Everyone);

    public static readonly Permission Drop = new("viewers.drop", "Disconnect viewers: one's own, and all of the sessions one manages.", Roles.Everyday);

    public static readonly Permission ReadFiles = new("sessions.files.read", "List and download the files of one's own sessions.", Roles.Everyday);

    public static readonly Permission WriteFiles = new("sessions.files.write", "Upload, rename and delete files of one's own sessions.", Roles.Everyday);

    public static readonly Permission Probe = new("viewers.probe", "Measure how long input takes to its picture, in sessions whose display one may control.");
}
