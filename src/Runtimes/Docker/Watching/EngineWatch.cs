using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Displays;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker.Watching;

/// <summary>
/// The engine's event stream, told in the runtime's words. When the stream breaks (or the engine hangs: a ping beside it finds
/// out) that is a <see cref="RuntimeChangeKind.Lost"/>; once it is back a <see cref="RuntimeChangeKind.Resync"/> covers what was missed.
/// </summary>
internal sealed partial class EngineWatch(
    EngineClient engine, Containers containers, Endings endings, DisplayDoor displays, SessionNetwork network,
    IOptions<DockerOptions> options, TimeProvider clock, ILogger<EngineWatch> log)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private long _lastVictim;

    public async IAsyncEnumerable<RuntimeChange> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var changes = Channel.CreateUnbounded<RuntimeChange>(new() { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pump = PumpAsync(changes.Writer, stop.Token);
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(ct))
                yield return change;
        }
        finally
        {
            await stop.CancelAsync();
            await pump;
        }
    }

    private async Task PumpAsync(ChannelWriter<RuntimeChange> changes, CancellationToken ct)
    {
        var lost = false;
        var pause = FirstPause;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await engine.PingAsync(ct);
                await FollowAsync(changes, lost, () => (lost, pause) = (false, FirstPause), ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                if (!lost)
                    Broken(e, engine.Address);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!lost && !ct.IsCancellationRequested && !await AnswersAsync(ct))
            {
                lost = true;
                endings.EngineLost();
                network.Forget();
                changes.TryWrite(new(RuntimeChangeKind.Lost, null, $"The Docker engine at {engine.Address} does not answer."));
            }

            await Task.WhenAny(Task.Delay(pause, clock, ct));
            pause = pause < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "the pulse is awaited before its token source goes")]
    private async Task FollowAsync(ChannelWriter<RuntimeChange> changes, bool resync, Action connected, CancellationToken ct)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var filters = Uri.EscapeDataString($$"""{"type":["container"],"label":["{{Names.Installation}}={{options.Value.Installation}}"]}""");
        var events = engine.LinesAsync(HttpMethod.Get, $"/events?filters={filters}", null, EngineJson.Default.EngineEvent, broken.Token).GetAsyncEnumerator(broken.Token);
        var pulse = PulseAsync(broken);
        try
        {
            var next = events.MoveNextAsync().AsTask();

            // The request is on its way; what happens while it travels is caught by the look around that a resync asks for.
            connected();
            if (resync)
            {
                endings.EngineBack();
                changes.TryWrite(new(RuntimeChangeKind.Resync, null, $"The Docker engine at {engine.Address} answers again."));
            }

            while (await next)
            {
                await TellAsync(changes, events.Current, ct);
                next = events.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            await broken.CancelAsync();
            await pulse;
            try
            {
                await events.DisposeAsync();
            }
            catch (NotSupportedException)
            {
                // Its last step is still being cancelled; it cleans up behind itself.
            }
        }
    }

    /// <summary>A hung engine keeps the stream open and silent; only asking finds out.</summary>
    private async Task PulseAsync(CancellationTokenSource broken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pulse, clock, broken.Token);
                if (!await AnswersAsync(broken.Token))
                    await broken.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended or the watch did.
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await engine.PingAsync(ct);
            return true;
        }
        catch (EngineFailure)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task TellAsync(ChannelWriter<RuntimeChange> changes, EngineEvent happened, CancellationToken ct)
    {
        if (happened.Actor is not { ID: { } container } actor || Names.SessionOf(actor.Attributes) is not { } session)
            return;
        switch (happened.Action)
        {
            case "start" or "unpause":
                changes.TryWrite(new(RuntimeChangeKind.Session, new(session, RuntimePhase.Running, null, null, clock.GetUtcNow()), null));
                break;
            case "pause":
                changes.TryWrite(new(RuntimeChangeKind.Session, new(session, RuntimePhase.Frozen, null, null, null), null));
                break;
            case "oom":
                endings.Starved(container);
                changes.TryWrite(new(RuntimeChangeKind.OutOfMemory, new(session, RuntimePhase.Running, null, null, null), await VictimAsync(container, ct) ?? "a program"));
                break;
            case "die":
                displays.Forget(session);
                changes.TryWrite(new(RuntimeChangeKind.Session, await EndOfAsync(session, container, actor, ct), null));
                break;
            case "destroy":
                endings.Gone(container);
                break;
            default:
                break;
        }
    }

    /// <summary>The engine may be faster with its event than the kernel with its log, so this looks for a moment.</summary>
    private async Task<string?> VictimAsync(string container, CancellationToken ct)
    {
        for (var tries = 0; KernelLog.Readable && tries < 12; tries++)
        {
            if (KernelLog.LastVictim(container, _lastVictim) is { Name: { } name } found)
            {
                _lastVictim = found.Record;
                return name;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(40), clock, ct);
        }

        return null;
    }

    private async Task<RuntimeState> EndOfAsync(SessionId session, string container, EventActor actor, CancellationToken ct)
    {
        try
        {
            if (await containers.FindAsync(session, ct) is { State.Running: false } found && found.Id == container)
                return containers.Read(session, found);
        }
        catch (EngineFailure)
        {
            // The event itself tells enough.
        }

        var code = int.TryParse(actor.Attributes?.GetValueOrDefault("exitCode"), out var number) ? number : 0;
        var (reason, message) = endings.Of(container, new("exited", false, false, false, code, null, default, clock.GetUtcNow()));
        return new(session, RuntimePhase.Stopped, reason, message, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event stream of the Docker engine at {Engine} broke")]
    private partial void Broken(Exception e, EngineAddress engine);
}
