using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace StreamSpace.Identity;

/// <summary>Slows down guessing: after some failed logins of one name the next try has to wait, and each further failure doubles the wait.</summary>
internal sealed class LoginThrottle(IOptions<IdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>How long the name has to wait; null when it may try now.</summary>
    public async Task<TimeSpan?> WaitAsync(IdentityDb db, string name, CancellationToken ct)
    {
        var hash = HashOf(name);
        var until = await db.LoginFailures.Where(f => f.NameHash == hash).Select(f => f.BlockedUntil).SingleOrDefaultAsync(ct);
        return until is { } blocked && blocked > clock.GetUtcNow() ? blocked - clock.GetUtcNow() : null;
    }

    /// <summary>Counts a failure; the answer is when the name may try again, if it now has to wait.</summary>
    public async Task<DateTimeOffset?> FailedAsync(IdentityDb db, string name, CancellationToken ct)
    {
        var hash = HashOf(name);
        var now = clock.GetUtcNow();
        var forgotten = now - Memory;
        var failures = await db.Database.SqlQuery<int>(
            $"""
            insert into identity.login_failures as f (name_hash, failures, last_failed_at) values ({hash}, 1, {now})
            on conflict (name_hash) do update
              set failures = case when f.last_failed_at < {forgotten} then 1 else least(f.failures, 1000) + 1 end, last_failed_at = excluded.last_failed_at
            returning failures
            """).ToListAsync(ct);
        if (Delay(failures[0]) is not { } delay)
            return null;
        var until = now + delay;
        await db.LoginFailures.Where(f => f.NameHash == hash).ExecuteUpdateAsync(f => f.SetProperty(p => p.BlockedUntil, until), ct);
        return until;
    }

    public async Task ForgetAsync(IdentityDb db, string name, CancellationToken ct)
    {
        var hash = HashOf(name);
        await db.LoginFailures.Where(f => f.NameHash == hash).ExecuteDeleteAsync(ct);
    }

    /// <summary>Lets the person try again at once, by user name and by e-mail address. True when there was something to forget.</summary>
    public async Task<bool> ForgetAsync(IdentityDb db, User user, CancellationToken ct)
    {
        byte[][] hashes = user.Email is { } email ? [HashOf(user.Username), HashOf(email)] : [HashOf(user.Username)];
        return await db.LoginFailures.Where(f => hashes.Contains(f.NameHash)).ExecuteDeleteAsync(ct) > 0;
    }

    /// <summary>Drops names that were left alone for a day.</summary>
    public async Task SweepAsync(IdentityDb db, CancellationToken ct)
    {
        var forgotten = clock.GetUtcNow() - Memory;
        await db.LoginFailures.Where(f => f.LastFailedAt < forgotten).ExecuteDeleteAsync(ct);
    }

    private TimeSpan? Delay(int failures)
    {
        var over = failures - options.Value.FailuresBeforeDelay;
        if (over < 0)
            return null;
        var doubled = options.Value.FirstDelay * Math.Pow(2, Math.Min(over, 30));
        return doubled < options.Value.LongestDelay ? doubled : options.Value.LongestDelay;
    }

    private static byte[] HashOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes("login:" + name));
}
