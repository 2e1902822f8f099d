using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;

namespace StreamSpace.Teams;

/// <summary>A team, as the API shows it.</summary>
/// <param name="Id">The team.</param>
/// <param name="Name">Unique.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Members">How many people are in it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it, or who is in it, changed last.</param>
/// <param name="Version">Counts changes; the ETag.</param>
public sealed record TeamView(TeamId Id, string Name, string Description, int Members, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version);

/// <summary>Somebody who is in a team.</summary>
/// <param name="Id">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="DisplayName">What people call them.</param>
/// <param name="State">Whether they may log in.</param>
/// <param name="Since">When they came in.</param>
public sealed record MemberView(UserId Id, string Username, string DisplayName, UserState State, DateTimeOffset Since);

internal static class TeamMapping
{
    public static TeamView ToView(this Team t, int members) => new(t.Id, t.Name, t.Description, members, t.CreatedAt, t.UpdatedAt, t.Version);
}
