using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Sharing.Shares;

namespace StreamSpace.Sharing;

/// <summary>How this module answers which sessions of others a person may look at. Looks at the clock itself, so that nothing depends on an expiry being swept in time.</summary>
internal sealed class SessionGrants(IDbContextFactory<SharingDb> databases, TimeProvider clock) : ISessionGrants
{
    public async Task<SessionGrant?> FindAsync(SessionId session, UserId user, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.Shares.AsNoTracking().FirstOrDefaultAsync(s => s.SessionId == session && s.UserId == user && (s.ExpiresAt == null || s.ExpiresAt > now), ct) is { } found ? Grant(found) : null;
    }

    public async Task<IReadOnlyList<SessionGrant>> ListAsync(UserId user, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return [.. (await db.Shares.AsNoTracking().Where(s => s.UserId == user && (s.ExpiresAt == null || s.ExpiresAt > now)).ToListAsync(ct)).Select(Grant)];
    }

    private static SessionGrant Grant(Share share) => new(share.SessionId, share.Level, share.CreatedAt, share.ExpiresAt, share.Id, share.Note);
}
