using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What one may do with sessions.</summary>
internal static class SessionsPermissions
{
    /// <summary>Look at one's own sessions.</summary>
    public static readonly Permission View = new("sessions.view", "See one's own sessions and those shared with one.", Roles.Everyone);

    /// <summary>Launch.</summary>
    public static readonly Permission Create = new("sessions.create", "Launch sessions.", Roles.Everyday);

    /// <summary>Change and end one's own sessions.</summary>
    public static readonly Permission Manage = new("sessions.manage", "Change, freeze, hibernate, wake and end one's own sessions.", Roles.Everyday);

    /// <summary>Look at everybody's sessions.</summary>
    public static readonly Permission ViewAll = new("sessions.view_all", "See the sessions of everybody, without looking at their displays.", Roles.Auditor | Roles.Operator);

    /// <summary>Change and end everybody's sessions.</summary>
    public static readonly Permission ManageAll = new("sessions.manage_all", "Change and end the sessions of everybody, and look at their displays.");

    /// <summary>Names and abilities of runtimes.</summary>
    public static readonly Permission ViewRuntimes = new("runtimes.view", "See which runtimes there are and what they can do.", Roles.Everyone);

    /// <summary>The state of the installation.</summary>
    public static readonly Permission ViewSystem = new("system.view", "See the state of the installation: processes, database, runtimes.", Roles.Auditor | Roles.Operator);
}
