using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Samples running sessions, spread evenly over the period so that no burst disturbs them, and watched ones more often.
/// Sessions bound to this machine are sampled here, all others by one replica. Once an hour what is too old goes.
/// </summary>
internal sealed partial class UsageSampler(
    UsageMeter meter, IDbContextFactory<SessionsDb> databases, ISingleRunner single, Instance instance, IEventLog events,
    IOptions<SessionsOptions> options, TimeProvider clock, ILogger<UsageSampler> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        single.RunAsync("sessions.usage", ct => RoundsAsync(null, ct), stoppingToken),
        single.RunAsync("sessions.usage." + instance.Node, ct => RoundsAsync(instance.Node, ct), stoppingToken),
        WatchedAsync(stoppingToken));

    private async Task RoundsAsync(string? node, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var seconds = Math.Max(1, (int)options.Value.SampleEvery.TotalSeconds);
            try
            {
                var all = await RunningAsync(node, ct);
                var perSecond = (all.Count + seconds - 1) / seconds;
                for (var second = 0; second < seconds; second++)
                {
                    await SampleAsync(all.Skip(second * perSecond).Take(perSecond), tell: false, ct);
                    await Task.Delay(TimeSpan.FromSeconds(1), ct);
                }

                await PruneAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
                await Task.Delay(TimeSpan.FromSeconds(5), ct);
            }
        }
    }

    private async Task WatchedAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(options.Value.SampleWatchedEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var watched = meter.Watched();
            if (watched.Count == 0 || ct.IsCancellationRequested)
                continue;
            try
            {
                await using var db = await databases.CreateDbContextAsync(ct);
                var running = await db.Sessions.Where(s => watched.Contains(s.Id) && s.Phase == SessionPhase.Running).Select(s => new Sampled(s.Id, s.Runtime, s.StartedAt)).ToListAsync(ct);
                await SampleAsync(running, tell: true, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
            }
        }
    }

    private async Task SampleAsync(IEnumerable<Sampled> sessions, bool tell, CancellationToken ct)
    {
        var rows = new List<UsageRow>();
        foreach (var session in sessions)
        {
            if (await meter.SampleAsync(session.Id, session.Runtime, session.StartedAt, ct) is { } row)
                rows.Add(row);
        }

        await meter.KeepAsync(rows, ct);
        if (!tell || rows.Count == 0)
            return;
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = rows.Select(r => r.SessionId).ToArray();
        var told = await db.Sessions.AsNoTracking().Where(s => ids.Contains(s.Id)).ToListAsync(ct);
        await events.AppendAsync([.. rows.Join(told, r => r.SessionId, s => s.Id, (r, s) => new SessionResourcesUpdated(s.Now(), r.CpuPercent, r.MemoryBytes))], ct);
    }

    private async Task<List<Sampled>> RunningAsync(string? node, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Sessions.Where(s => s.Phase == SessionPhase.Running && s.Node == node).Select(s => new Sampled(s.Id, s.Runtime, s.StartedAt)).ToListAsync(ct);
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        var oldest = clock.GetUtcNow() - options.Value.KeepSamples;
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Usage.Where(u => u.At < oldest).ExecuteDeleteAsync(ct);
    }

    private sealed record Sampled(SessionId Id, string Runtime, DateTimeOffset? StartedAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Use of sessions could not be sampled")]
    private static partial void LogTrouble(ILogger log, Exception e);
}
