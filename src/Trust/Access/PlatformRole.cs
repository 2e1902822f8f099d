using StreamSpace.Kernel;

namespace StreamSpace.Access;

/// <summary>A role on the whole platform.</summary>
/// <param name="Name">As the API writes it.</param>
/// <param name="Flag">How permissions name it in <see cref="Permission.HeldBy"/>; administrators need no naming.</param>
/// <param name="Sentence">For people.</param>
internal sealed record PlatformRole(string Name, Roles Flag, string Sentence)
{
    public static readonly PlatformRole Admin = new("admin", Roles.Admin, "May do everything.");
    public static readonly PlatformRole User = new("user", Roles.User, "Uses desktops and applications of their own.");

    public static IReadOnlyList<PlatformRole> All { get; } =
    [
        Admin,
        new("operator", Roles.Operator, "Keeps the platform running: sees all sessions, runtimes and the state of the system."),
        new("team_admin", Roles.TeamAdmin, "Creates and administers teams."),
        User,
        new("auditor", Roles.Auditor, "Sees everything that happens and changes nothing."),
        new("read_only", Roles.ReadOnly, "Looks at their own things only."),
    ];

    public bool Holds(Permission permission) => Flag == Roles.Admin || permission.HeldBy.HasFlag(Flag);
}
