using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Contracts.Teams;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings;

/// <summary>How this module answers whether a session is being recorded.</summary>
internal sealed class RecordingNotice(IDbContextFactory<RecordingsDb> databases) : IRecordingNotice
{
    public async Task<IReadOnlySet<SessionId>> RecordedAsync(IReadOnlyCollection<SessionId> sessions, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = sessions.ToArray();
        return (await db.Recordings.Where(r => ids.Contains(r.SessionId) && r.State == RecordingState.Recording && !r.Silent).Select(r => r.SessionId).ToListAsync(ct)).ToHashSet();
    }
}

/// <summary>Which recording policies name a team.</summary>
internal sealed class TeamUse(IDbContextFactory<RecordingsDb> databases) : ITeamUse
{
    public async Task<IReadOnlyList<string>> OfAsync(TeamId team, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        // There are few policies, and whom they are for is one JSON value.
        var policies = await db.Policies.AsNoTracking().OrderBy(p => p.Name).ToListAsync(ct);
        return [.. policies.Where(p => p.ApplyTo.Teams?.Contains(team) == true).Select(p => $"the recording policy “{p.Name}”")];
    }
}
