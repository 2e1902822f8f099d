namespace StreamSpace.Contracts.Teams;

/// <summary>A team was made.</summary>
/// <param name="Team">The team.</param>
/// <param name="Name">Its name.</param>
[Event("team.created", "A team was made.")]
public sealed record TeamCreated(TeamId Team, string Name) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"team:{Team}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A team's name or description changed.</summary>
/// <param name="Team">The team.</param>
/// <param name="Name">Its name.</param>
/// <param name="Fields">Names of the fields that changed.</param>
[Event("team.updated", "A team's name or description changed.")]
public sealed record TeamUpdated(TeamId Team, string Name, IReadOnlyList<string> Fields) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"team:{Team}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A team was deleted; nobody is in it any more.</summary>
/// <param name="Team">The team.</param>
/// <param name="Name">Its name.</param>
[Event("team.deleted", "A team was deleted; nobody is in it any more.")]
public sealed record TeamDeleted(TeamId Team, string Name) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"team:{Team}";

    /// <inheritdoc/>
    public UserId? Concerns => null;
}

/// <summary>A person came into a team: policies about it are about them from now on.</summary>
/// <param name="Team">The team.</param>
/// <param name="Name">Its name.</param>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
[Event("team.member.added", "A person came into a team.")]
public sealed record TeamMemberAdded(TeamId Team, string Name, UserId User, string Username) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"team:{Team}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person is no longer in a team.</summary>
/// <param name="Team">The team.</param>
/// <param name="Name">Its name.</param>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Cause"><c>removed</c>, <c>person_deleted</c> or <c>team_deleted</c>.</param>
[Event("team.member.removed", "A person is no longer in a team.")]
public sealed record TeamMemberRemoved(TeamId Team, string Name, UserId User, string Username, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"team:{Team}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}
