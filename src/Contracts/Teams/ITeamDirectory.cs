namespace StreamSpace.Contracts.Teams;

/// <summary>Says who is in which team. Answered by the Teams module, asked by whatever names teams.</summary>
public interface ITeamDirectory
{
    /// <summary>The teams each person is in now; people without a team are left out.</summary>
    Task<IReadOnlyDictionary<UserId, IReadOnlyList<TeamId>>> OfAsync(IReadOnlyCollection<UserId> people, CancellationToken ct);

    /// <summary>Everybody who is in at least one of the teams now.</summary>
    Task<IReadOnlyList<UserId>> MembersAsync(IReadOnlyCollection<TeamId> teams, CancellationToken ct);

    /// <summary>Those of the teams that there are.</summary>
    Task<IReadOnlyDictionary<TeamId, TeamFacts>> FindAsync(IReadOnlyCollection<TeamId> teams, CancellationToken ct);
}

/// <summary>Questions that follow from the others.</summary>
public static class TeamQuestions
{
    /// <summary>Places in the list whose team there is not.</summary>
    public static async Task<IReadOnlyList<int>> MissingAsync(this ITeamDirectory directory, IReadOnlyList<TeamId> teams, CancellationToken ct)
    {
        var found = await directory.FindAsync(teams, ct);
        return [.. Enumerable.Range(0, teams.Count).Where(i => !found.ContainsKey(teams[i]))];
    }
}

/// <summary>A team.</summary>
/// <param name="Id">The team.</param>
/// <param name="Name">Unique among teams.</param>
/// <param name="Version">Counts changes of the team and of who is in it.</param>
public sealed record TeamFacts(TeamId Id, string Name, int Version);
