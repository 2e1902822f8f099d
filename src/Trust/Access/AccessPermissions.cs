using StreamSpace.Kernel;

namespace StreamSpace.Access;

internal static class AccessPermissions
{
    /// <summary>See roles and permissions.</summary>
    public static readonly Permission View = new("access.view", "See which roles there are and what each of them permits.", Roles.Auditor | Roles.Operator | Roles.TeamAdmin);
}
