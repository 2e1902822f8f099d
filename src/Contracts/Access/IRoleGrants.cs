namespace StreamSpace.Contracts.Access;

/// <summary>Which permissions roles grant. Answered by the Access module.</summary>
public interface IRoleGrants
{
    /// <summary>Every platform role, by name.</summary>
    IReadOnlyList<string> Roles { get; }

    /// <summary>The role that holds every permission.</summary>
    string Administrator { get; }

    /// <summary>The role a new person gets when nobody says otherwise.</summary>
    string Newcomer { get; }

    /// <summary>The permissions of somebody who holds all these roles. Unknown roles grant nothing.</summary>
    IReadOnlySet<string> PermissionsOf(IReadOnlyCollection<string> roles);
}
