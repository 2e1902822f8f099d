using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Ends logins whose time is over (so that what hangs on them is cut), and forgets what is of no use any more.</summary>
internal sealed class LoginSweeper(IDbContextFactory<IdentityDb> databases, ISingleRunner runner, LoginEnding ending, LoginThrottle throttle, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => runner.RunAsync("identity.login-sweeper", async ct =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        do
        {
            await SweepAsync(ct);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }, stoppingToken);

    internal async Task SweepAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var over = await db.Logins.Where(l => l.EndedAt == null && l.ExpiresAt <= now).OrderBy(l => l.ExpiresAt).Take(500).ToListAsync(ct);
        foreach (var login in over)
            ending.End(db, login, LoginEnd.Expired);
        await db.SaveChangesAsync(ct);
        ending.Apply(over);

        var old = now - Remembered;
        await db.Logins.Where(l => l.EndedAt < old).ExecuteDeleteAsync(ct);
        await throttle.SweepAsync(db, ct);
    }
}
