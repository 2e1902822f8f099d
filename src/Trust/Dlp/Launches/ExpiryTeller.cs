using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>
/// Tells what ran out: exceptions, so that open streams ask again, and approvals, so that pages show it. Nothing depends on it being in time: whoever
/// decides looks at the clock. Rows are taken with a lock, so of several replicas one tells.
/// </summary>
internal sealed partial class ExpiryTeller(IDbContextFactory<DlpDb> databases, IEventLog events, TimeProvider clock, ILogger<ExpiryTeller> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await TellAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TellAsync(CancellationToken ct)
    {
        using var _ = CallerAccessor.RunAs(Caller.System("dlp.expiry"));
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        if (!await db.Policies.AnyAsync(p => p.ExpiresAt <= now && !p.ExpiryTold, ct)
            && !await db.Approvals.AnyAsync(a => (a.Status == ApprovalStatus.Pending || a.Status == ApprovalStatus.Granted) && a.ExpiresAt <= now, ct))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var policy in await db.Policies.FromSql($"select * from dlp.policies where expires_at <= {now} and not expiry_told limit {Batch} for update skip locked").ToListAsync(ct))
        {
            policy.ExpiryTold = true;
            events.Append(db, new DlpPoliciesChanged(policy.Id, policy.Name, "expired"));
        }

        foreach (var approval in await db.Approvals.FromSql(
            $"select * from dlp.approvals where status in ('pending', 'granted') and expires_at <= {now} limit {Batch} for update skip locked").ToListAsync(ct))
        {
            approval.Expire();
            events.Append(db, new ApprovalExpired(approval.ToNow()));
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telling what ran out was interrupted and goes on: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
