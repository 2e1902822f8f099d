using System.Runtime.CompilerServices;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Displays;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Inside;
using StreamSpace.Runtimes.Docker.Launching;
using StreamSpace.Runtimes.Docker.Watching;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Sessions as containers of a Docker engine. The work is done by the parts; here the engine's failures become the runtime's.</summary>
internal sealed class DockerRuntime(
    EngineProbe probe, SessionLauncher launcher, Containers containers, Homes homes, Turns turns, DisplayDoor displays, EngineWatch watch,
    Execs execs, SessionLogs logs, SessionLoad load, SessionFiles files, HomeFiles home) : ISessionRuntime
{
    private static readonly TimeSpan DisplayPatience = TimeSpan.FromSeconds(10);

    public string Name => "docker";

    public Task<RuntimeHealth> ProbeAsync(CancellationToken ct) => probe.ProbeAsync(ct);

    public Task<Readiness> CheckAsync(Application application, CancellationToken ct) => probe.CheckAsync(application, ct);

    public Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct) =>
        Told(() => launcher.StartAsync(spec, progress, ct));

    public Task StopAsync(SessionId session, CancellationToken ct) => Told(async () =>
    {
        launcher.BreakOff(session);
        using var turn = await turns.TakeAsync(session, ct);
        displays.Forget(session);
        await containers.EndAsync(session, ct);
        return true;
    });

    public Task FreezeAsync(SessionId session, CancellationToken ct) => Told(async () =>
    {
        using var turn = await turns.TakeAsync(session, ct);
        await containers.FreezeAsync(session, ct);
        return true;
    });

    public Task ThawAsync(SessionId session, CancellationToken ct) => Told(async () =>
    {
        using var turn = await turns.TakeAsync(session, ct);
        await containers.ThawAsync(session, ct);
        return true;
    });

    public Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct) => Told(async () =>
    {
        using var turn = await turns.TakeAsync(session, ct);
        await containers.LimitAsync(session, limits, (await load.UsageAsync(session, ct))?.MemoryBytes ?? 0, ct);
        return true;
    });

    public Task DeleteAsync(SessionId session, CancellationToken ct) => Told(async () =>
    {
        launcher.BreakOff(session);
        using var turn = await turns.TakeAsync(session, ct);
        displays.Forget(session);
        await containers.EndAsync(session, ct);
        await homes.DeleteOwnAsync(session, ct);
        return true;
    });

    public Task DeleteHomeAsync(UserId user, CancellationToken ct) => Told(async () =>
    {
        await homes.DeletePersonalAsync(user, ct);
        return true;
    });

    public Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct) => Told(async () =>
        await containers.FindAsync(session, ct) is { } found ? containers.Read(session, found) : null);

    public Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct) => Told(async () =>
    {
        var states = new List<RuntimeState>();
        foreach (var row in await containers.ListAsync(ct, Names.Session))
        {
            if (Names.SessionOf(row.Labels) is not { } session)
                continue;
            var phase = row.State switch { "running" or "restarting" => RuntimePhase.Running, "paused" => RuntimePhase.Frozen, _ => RuntimePhase.Stopped };

            // Only an ended one has more to say than the list tells.
            var state = phase == RuntimePhase.Stopped && await containers.FindAsync(session, ct) is { } found
                ? containers.Read(session, found)
                : new RuntimeState(session, phase, null, null, null);
            states.Add(state);
        }

        return (IReadOnlyList<RuntimeState>)states;
    });

    public IAsyncEnumerable<RuntimeChange> WatchAsync(CancellationToken ct) => watch.RunAsync(ct);

    public Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct) => Told(() => displays.OpenAsync(session, DisplayPatience, ct));

    public Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct) =>
        Told(async () => (IRuntimeTerminal)await Terminal.OpenAsync(execs, session, spec, ct));

    public async IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var lines = logs.ReadAsync(session, tail, follow, ct).GetAsyncEnumerator(ct);
        while (await Told(async () => await lines.MoveNextAsync()))
            yield return lines.Current;
    }

    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct) => Told(() => load.ProcessesAsync(session, ct));

    public Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct) => Told(() => load.UsageAsync(session, ct));

    public Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct) => Told(() => files.ListAsync(session, path, ct));

    public Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct) => Told(() => files.ReadAsync(session, path, ct));

    public Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct) => Told(async () =>
    {
        await files.WriteAsync(session, path, content, ct);
        return true;
    });

    public IHomeFiles Files => home;

    /// <summary>Runs work on the engine; what the engine says is told as a failure of the runtime.</summary>
    internal static async Task<T> Told<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (EngineFailure e)
        {
            throw e switch
            {
                { Unreachable: true } => new RuntimeFailure(RuntimeReasons.RuntimeLost, e.Message, e),
                { Missing: true } => new RuntimeFailure(RuntimeReasons.WrongState, "The session does not run.", e),
                { Conflict: true } when e.Message.Contains("paused", StringComparison.Ordinal) => new RuntimeFailure(RuntimeReasons.WrongState, "The session is frozen.", e),
                { Conflict: true } => new RuntimeFailure(RuntimeReasons.WrongState, "The session does not run.", e),
                _ => new RuntimeFailure(RuntimeReasons.StartFailed, $"The Docker engine refused: {e.Message}", e),
            };
        }
        catch (IOException e)
        {
            throw new RuntimeFailure(RuntimeReasons.RuntimeLost, $"The connection to the Docker engine broke: {e.Message}", e);
        }
    }
}
