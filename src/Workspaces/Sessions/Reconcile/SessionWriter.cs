using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Changes one session on a fresh copy, again and again until nobody else was faster.</summary>
internal sealed class SessionWriter(IDbContextFactory<SessionsDb> databases, IEventLog events)
{
    private const int Tries = 8;

    /// <summary>Null when the session is gone; else the session as saved.</summary>
    public async Task<Session?> ChangeAsync(SessionId id, Action<Session> change, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == id, ct) is not { } session)
                return null;
            change(session);
            try
            {
                await db.SaveAsync(session, events, ct);
                return session;
            }
            catch (DbUpdateConcurrencyException) when (attempt < Tries)
            {
                // Somebody recorded a wish in between; the change is made again on what they left.
            }
        }
    }
}
