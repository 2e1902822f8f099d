using StreamSpace.Contracts;

namespace StreamSpace.Teams;

/// <summary>People that policies name together.</summary>
internal sealed class Team
{
    public required TeamId Id { get; init; }

    public string Name { get; private set; } = "";

    /// <summary>The name as it is compared and sorted: no two teams differ in upper and lower case alone.</summary>
    public string Key { get; private set; } = "";

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Counts changes of the team and of who is in it; the ETag.</summary>
    public int Version { get; private set; } = 1;

    public static Team Create(string name, string? description, DateTimeOffset now)
    {
        var team = new Team { Id = TeamId.New(), CreatedAt = now, UpdatedAt = now, Description = description?.Trim() ?? "" };
        team.Rename(name);
        return team;
    }

    public void Rename(string name)
    {
        Name = name.Trim();
        Key = Name.ToLowerInvariant();
    }

    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}

/// <summary>That somebody is in a team.</summary>
internal sealed class Membership
{
    public required TeamId TeamId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>As it was then; for what is told when the person is gone.</summary>
    public required string Username { get; init; }

    public required DateTimeOffset Since { get; init; }
}
