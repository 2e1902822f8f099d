using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Listens to every runtime: a change makes its session due, a lost or returned runtime makes all of its sessions due.
/// Each runtime is also probed every few seconds, which notices what the stream of changes does not tell.
/// </summary>
internal sealed partial class RuntimeWatcher(
    RuntimeRegistry runtimes, RuntimeSync sync, SessionWriter writer, WorkQueue work, ReconcilerBell bell, ILogger<RuntimeWatcher> log) : BackgroundService
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(4);

    // What sessions were told last of each runtime. Noted after the telling, so that one that failed is made up for at the next probe.
    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var runsAs = CallerAccessor.RunAs(Caller.System("sessions.runtimes"));
        await Task.WhenAll(runtimes.All.SelectMany(r => new[] { ProbeAsync(r, stoppingToken), ListenAsync(r, stoppingToken) })).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ProbeAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var health = await runtimes.ProbeAsync(runtime, ct);
                if (!told.TryGetValue(runtime.Name, out var before) || before != health.Available)
                    await TurnedAsync(runtime, health.Available, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, runtime.Name, e);
            }

            await Task.Delay(ProbeEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in runtime.WatchAsync(ct))
                    await HearAsync(runtime, change, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, runtime.Name, e);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HearAsync(ISessionRuntime runtime, RuntimeChange change, CancellationToken ct)
    {
        switch (change.Kind)
        {
            case RuntimeChangeKind.Session when change.State is { } state:
                if (await sync.DiffersAsync(state, ct))
                {
                    await work.WakeAsync([state.Session], ct);
                    bell.Ring(state.Session);
                }

                break;
            case RuntimeChangeKind.OutOfMemory when change.State is { } state:
                await writer.ChangeAsync(state.Session, s => s.LostProgram(change.Detail), ct);
                break;
            case RuntimeChangeKind.Lost:
                if (runtimes.NoteLost(runtime.Name, change.Detail))
                    await TurnedAsync(runtime, available: false, ct);
                break;
            case RuntimeChangeKind.Resync:
                await runtimes.ProbeAsync(runtime, ct);
                await TurnedAsync(runtime, runtimes.HealthOf(runtime.Name).Available, ct);
                break;
        }
    }

    private async Task TurnedAsync(ISessionRuntime runtime, bool available, CancellationToken ct)
    {
        LogTurned(log, runtime.Name, available ? "answers" : "does not answer");
        if (available)
            await sync.ReturnedAsync(runtime, ct);
        else
            await sync.LostAsync(runtime, ct);
        told[runtime.Name] = available;
        bell.Ring();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The runtime {Runtime} {State}")]
    private static partial void LogTurned(ILogger log, string runtime, string state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runtime {Runtime} could not be watched for a moment")]
    private static partial void LogTrouble(ILogger log, string runtime, Exception e);
}
