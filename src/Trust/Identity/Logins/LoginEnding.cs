using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Ends logins: in the database, in the event log, and at once in this replica's memory.</summary>
internal sealed class LoginEnding(IEventLog events, LiveLogins live, TimeProvider clock)
{
    /// <summary>Marks the person's logins as ended, but for one. Saved by the caller, who then calls <see cref="Apply"/>.</summary>
    public async Task<IReadOnlyList<Login>> EndAllAsync(IdentityDb db, UserId user, LoginEnd reason, LoginId? but, CancellationToken ct)
    {
        var open = await db.Logins.Where(l => l.UserId == user && l.EndedAt == null && l.Id != but).ToListAsync(ct);
        foreach (var login in open)
            End(db, login, reason);
        return open;
    }

    /// <summary>Marks one login as ended. Saved by the caller, who then calls <see cref="Apply"/>.</summary>
    public void End(IdentityDb db, Login login, LoginEnd reason)
    {
        login.End(reason, clock.GetUtcNow());
        events.Append(db, new LoginEnded(login.UserId, login.Id, reason));
    }

    /// <summary>After it was saved: this replica need not wait for the events.</summary>
    public void Apply(IEnumerable<Login> ended)
    {
        foreach (var login in ended)
            live.Forget(login.Id);
    }
}
