using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
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
