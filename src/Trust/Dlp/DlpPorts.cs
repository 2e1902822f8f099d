using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;

namespace StreamSpace.Dlp;

/// <summary>How this module answers <see cref="IDataProtection"/>. Policies are read anew for each question: an answer kept here could be older than the event that asks for it.</summary>
internal sealed class DataProtection(IDbContextFactory<DlpDb> databases, ITeamDirectory teams, ContentInspector inspector, IncidentWriter incidents, TimeProvider clock) : IDataProtection
{
    public async Task<IReadOnlyList<StreamPolicy?>> FindAsync(IReadOnlyList<PolicySubject> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        var policies = await db.CountingAsync(clock.GetUtcNow(), ct);
        return [.. (await teams.WithTeamsAsync(subjects, policies, ct)).Select(s => Evaluation.Of(policies, s))];
    }

    public ContentFinding? Inspect(IReadOnlyList<ContentRule> rules, string text) => inspector.First(rules, text);

    public void Report(StreamIncident incident) => incidents.Add(incident);
}

/// <summary>Which policies name a team.</summary>
internal sealed class TeamUse(IDbContextFactory<DlpDb> databases) : ITeamUse
{
    public async Task<IReadOnlyList<string>> OfAsync(TeamId team, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Policies.Where(p => p.Teams.Contains(team.Value)).OrderBy(p => p.Name).Select(p => $"the data protection policy “{p.Name}”").ToListAsync(ct);
    }
}
