using StreamSpace.Kernel;

namespace StreamSpace.Identity;

internal static class IdentityPermissions
{
    /// <summary>See people.</summary>
    public static readonly Permission View = new("users.view", "See everybody's account, roles and last login.", Roles.Auditor | Roles.Operator | Roles.TeamAdmin);

    /// <summary>Manage people.</summary>
    public static readonly Permission Manage = new("users.manage", "Create, change, lock and delete accounts, reset passwords and end logins.");
}
