using StreamSpace.Kernel;

namespace StreamSpace.Recordings;

/// <summary>What a caller may do with recordings; which ones is decided per recording.</summary>
internal static class RecordingsPermissions
{
    /// <summary>One's own.</summary>
    public static readonly Permission View = new("recordings.view", "See the recordings of one's own sessions, and play those that may be played.", Roles.Everyone);

    /// <summary>By hand.</summary>
    public static readonly Permission Record = new("recordings.record", "Start and stop recording one's own sessions.", Roles.Everyday);

    /// <summary>Everybody's.</summary>
    public static readonly Permission ViewAll = new("recordings.view_all", "See, play and download the recordings of everybody, with who looked at them.", Roles.Auditor);

    /// <summary>Delete and hold.</summary>
    public static readonly Permission ManageAll = new("recordings.manage_all", "Stop, delete and hold the recordings of everybody.");

    /// <summary>Two must agree.</summary>
    public static readonly Permission Approve = new("recordings.approve", "Decide whether others may look at recordings that need approval; never about oneself.", Roles.Auditor);

    /// <summary>Policies.</summary>
    public static readonly Permission SetPolicies = new("recordings.set_policies", "Decide which sessions are recorded from their start, and what holds for their recordings.");
}
