using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Teams;

namespace StreamSpace.Teams;

/// <summary>Who is in which team, for other modules. Read anew for each question: an answer kept here could be older than the event that asks for it.</summary>
internal sealed class TeamDirectory(IDbContextFactory<TeamsDb> databases) : ITeamDirectory
{
    public async Task<IReadOnlyDictionary<UserId, IReadOnlyList<TeamId>>> OfAsync(IReadOnlyCollection<UserId> people, CancellationToken ct)
    {
        if (people.Count == 0)
            return new Dictionary<UserId, IReadOnlyList<TeamId>>();
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = people.Distinct().ToArray();
        var found = await db.Members.AsNoTracking().Where(m => ids.Contains(m.UserId)).Select(m => new { m.UserId, m.TeamId }).ToListAsync(ct);
        return found.GroupBy(m => m.UserId, m => m.TeamId).ToDictionary(g => g.Key, g => (IReadOnlyList<TeamId>)[.. g]);
    }

    public async Task<IReadOnlyList<UserId>> MembersAsync(IReadOnlyCollection<TeamId> teams, CancellationToken ct)
    {
        if (teams.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = teams.Distinct().ToArray();
        return await db.Members.Where(m => ids.Contains(m.TeamId)).Select(m => m.UserId).Distinct().ToListAsync(ct);
    }

    public async Task<IReadOnlyDictionary<TeamId, TeamFacts>> FindAsync(IReadOnlyCollection<TeamId> teams, CancellationToken ct)
    {
        if (teams.Count == 0)
            return new Dictionary<TeamId, TeamFacts>();
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = teams.Distinct().ToArray();
        return await db.Teams.AsNoTracking().Where(t => ids.Contains(t.Id)).Select(t => new TeamFacts(t.Id, t.Name, t.Version)).ToDictionaryAsync(t => t.Id, ct);
    }
}
