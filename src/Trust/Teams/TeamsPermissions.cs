using StreamSpace.Kernel;

namespace StreamSpace.Teams;

internal static class TeamsPermissions
{
    /// <summary>See one's own teams.</summary>
    public static readonly Permission ViewOwn = new("teams.view_own", "See which teams one is in.", Roles.Everyone);

    /// <summary>See teams.</summary>
    public static readonly Permission View = new("teams.view", "See all teams and who is in them.", Roles.Auditor | Roles.Operator | Roles.TeamAdmin);

    /// <summary>Manage teams.</summary>
    public static readonly Permission Manage = new("teams.manage", "Make, change and delete teams, and say who is in them.", Roles.TeamAdmin);
}
