using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>
/// Ends shares at the moment their time is over. Rights look at the clock themselves; this is for what is open: the event makes every replica look again and cut it. Each
/// replica sleeps until the next end, and is woken when one is given; of those that wake together one takes the row.
/// </summary>
internal sealed partial class ShareExpirer(IServiceScopeFactory scopes, IEventFeed feed, TimeProvider clock, ILogger<ShareExpirer> log) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private const int Batch = 100;
    private readonly SemaphoreSlim _given = new(0);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), SweepAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var fact in feed.SubscribeAsync(null, ct))
                {
                    if (fact.Type == "session.shared")
                        _given.Release();
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _given.Release(); // something may have been missed
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        using var _ = CallerAccessor.RunAs(Caller.System("sharing.expiry"));
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var wait = await EndDueAsync(ct);
                using var woken = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await Task.WhenAny(Task.Delay(wait, clock, woken.Token), _given.WaitAsync(woken.Token));
                await woken.CancelAsync();
                while (_given.CurrentCount > 0 && await _given.WaitAsync(0, ct))
                {
                    // Many that came meanwhile are one reason to look.
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Ends what is due; answers how long it is until the next.</summary>
    private async Task<TimeSpan> EndDueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var now = clock.GetUtcNow();
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            var due = await db.Shares.FromSql($"select * from sharing.shares where expires_at <= {now} limit {Batch} for update skip locked").ToListAsync(ct);
            if (due.Count > 0)
                await scope.ServiceProvider.GetRequiredService<ShareEnding>().EndAsync(due, "expired", ct);
            await transaction.CommitAsync(ct);
            if (due.Count == Batch)
                return TimeSpan.Zero;
        }

        var next = await db.Shares.MinAsync(s => s.ExpiresAt, ct);
        if (next <= now)
            return Again; // in another replica's hands, which may die with it
        var wait = next - clock.GetUtcNow() ?? Longest;
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > Longest ? Longest : wait;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ending shares by the clock was interrupted and goes on: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);
}
