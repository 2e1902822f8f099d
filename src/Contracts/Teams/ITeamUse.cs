namespace StreamSpace.Contracts.Teams;

/// <summary>
/// Says what would lose its meaning without a team. Each module that keeps a team's id answers; a team that is in use is not deleted, because a
/// restriction that is about nobody any more would be lifted without a word.
/// </summary>
public interface ITeamUse
{
    /// <summary>What names the team, as people call it: <c>data protection policy “Contractors”</c>.</summary>
    Task<IReadOnlyList<string>> OfAsync(TeamId team, CancellationToken ct);
}
