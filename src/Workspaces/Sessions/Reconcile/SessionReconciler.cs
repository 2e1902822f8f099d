using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Drives what is to what is wanted. Claims due sessions, works on a few at a time, renews its claims, and listens to the event log
/// so that a wish recorded on any replica is taken up at once. Its cost grows with what is due, not with the number of sessions.
/// </summary>
internal sealed partial class SessionReconciler(
    WorkQueue queue, SessionDriver driver, ReconcilerBell bell, IEventFeed feed, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<SessionReconciler> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<SessionId, (CancellationTokenSource Held, Task Work)> working = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var runsAs = CallerAccessor.RunAs(Caller.System("sessions.reconciler"));
        try
        {
            await Task.WhenAll(ClaimAsync(stoppingToken), RenewAsync(stoppingToken), ListenAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        await Task.WhenAll(working.Values.Select(w => w.Work)).WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await queue.LetGoAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            // The database went first; the leases run out by themselves.
            LogTrouble(log, e);
        }
    }

    private async Task ClaimAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var free = options.Value.AtOnce - working.Count;
                var claims = free > 0 ? await queue.ClaimAsync(free, ct) : [];
                foreach (var claim in claims)
                    Begin(claim, ct);
                if (free > 0 && claims.Count == free)
                    continue;
                await bell.WaitAsync(Poll, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
                await Task.Delay(Poll, ct);
            }
        }
    }

    private void Begin(Claim claim, CancellationToken ct)
    {
        // A claim of ours that ran out and came back while the work still goes on: the work goes on, the claim is renewed.
        if (bell.Enter(claim.Session) is not { } poked)
            return;
        var held = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var work = Task.Run(() => WorkAsync(claim, poked, held.Token), CancellationToken.None);
        working[claim.Session] = (held, work);
        _ = work.ContinueWith(
            _ =>
            {
                working.TryRemove(claim.Session, out var _);
                bell.Leave(claim.Session);
                held.Dispose();
            },
            TaskScheduler.Default);
    }

    private async Task WorkAsync(Claim claim, SemaphoreSlim poked, CancellationToken ct)
    {
        try
        {
            var due = await driver.DriveAsync(claim.Session, poked, ct);
            await queue.ReleaseAsync(claim, 0, due, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped, or another replica holds the claim now.
        }
        catch (Exception e)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, claim.Attempts)));
            LogFailed(log, claim.Session, pause, e);
            await GiveBackAsync(claim, clock.GetUtcNow() + pause);
        }
    }

    private async Task GiveBackAsync(Claim claim, DateTimeOffset due)
    {
        try
        {
            await queue.ReleaseAsync(claim, claim.Attempts + 1, due, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The lease runs out by itself.
            LogTrouble(log, e);
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        var renewed = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(Renewal, ct);
            if (working.IsEmpty)
            {
                renewed = clock.GetTimestamp();
                continue;
            }

            try
            {
                var mine = working.Keys.ToArray();
                var held = await queue.RenewAsync(ct);
                renewed = clock.GetTimestamp();
                foreach (var session in mine.Where(s => !held.Contains(s)))
                    Drop(session);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
                // Without the database we cannot know whether we still hold the claims; once the lease is over we do not.
                if (clock.GetElapsedTime(renewed) > WorkQueue.Lease)
                {
                    foreach (var session in working.Keys)
                        Drop(session);
                }
            }
        }
    }

    private void Drop(SessionId session)
    {
        if (working.TryGetValue(session, out var work))
        {
            try
            {
                work.Held.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in the same moment.
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await foreach (var fact in feed.SubscribeAsync(null, ct))
                {
                    if (fact.Type is "session.created" or "session.updated" && Guid.TryParse(fact.Subject.AsSpan("session:".Length), out var id))
                        bell.Ring(SessionId.From(id));
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
                await Task.Delay(Poll, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work on session {Session} failed and is tried again in {Pause}")]
    private static partial void LogFailed(ILogger log, SessionId session, TimeSpan pause, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reconciler was interrupted and goes on")]
    private static partial void LogTrouble(ILogger log, Exception e);
}
