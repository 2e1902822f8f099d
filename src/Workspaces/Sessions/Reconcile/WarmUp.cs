using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Sessions;

/// <summary>
/// Walks the way of a launch once, in a transaction that is rolled back, so that the first person's click does not pay for
/// compiling it: a cold first launch took three times as long.
/// </summary>
internal sealed partial class WarmUp(IDbContextFactory<SessionsDb> databases, TimeProvider clock, ILogger<WarmUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(stoppingToken);
            await using var transaction = await db.Database.BeginTransactionAsync(stoppingToken);
            var session = Make();
            db.Add(session);
            db.Add(new WorkItem { SessionId = session.Id, Wishes = 1 });
            db.Add(new Presence { SessionId = session.Id, LastActivityAt = session.CreatedAt, Kind = "start" });
            session.Accept();
            session.TakeFacts();
            await db.SaveChangesAsync(stoppingToken);
            var track = new LaunchTrack(clock);
            session.BeginLaunch(track.Now());
            session.Launched(null, track.Finish(), clock.GetUtcNow());
            session.TakeFacts();
            await db.SaveChangesAsync(stoppingToken);
            db.ChangeTracker.Clear();
            await db.Sessions.FirstOrDefaultAsync(s => s.Id == session.Id, stoppingToken);
            await transaction.RollbackAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogCold(log, e);
        }
    }

    private Session Make() => new()
    {
        Id = SessionId.New(), Name = "warm-up", OwnerId = UserId.New(), OwnerName = "", OwnerTitle = "", Template = "", TemplateVersion = "", TemplateTitle = "", Category = "", Protocol = "rfb",
        Application = new Application("", null, null, [], [], [], false), Runtime = "", DisplaySecret = "", LimitsFrom = [], Env = [], CreatedAt = clock.GetUtcNow(),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "The way of a launch was not walked beforehand")]
    private static partial void LogCold(ILogger log, Exception e);
}
