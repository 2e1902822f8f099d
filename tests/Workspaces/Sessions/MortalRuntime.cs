using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Sessions.Tests;

/// <summary>The way a server that may die speaks to an engine that lives on: when it dies its calls are abandoned, what the engine was told goes on.</summary>
internal sealed class MortalRuntime(FakeRuntime engine, CancellationToken death) : ISessionRuntime
{
    public string Name => engine.Name;

    public Task<RuntimeHealth> ProbeAsync(CancellationToken ct) => engine.ProbeAsync(ct);

    public Task<Readiness> CheckAsync(Application application, CancellationToken ct) => engine.CheckAsync(application, ct);

    public Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct) => TellAsync(() => engine.StartAsync(spec, progress, death.IsCancellationRequested ? default : Unless(ct)), ct);

    public Task StopAsync(SessionId session, CancellationToken ct) => TellAsync(() => engine.StopAsync(session, default), ct);

    public Task FreezeAsync(SessionId session, CancellationToken ct) => TellAsync(() => engine.FreezeAsync(session, default), ct);

    public Task ThawAsync(SessionId session, CancellationToken ct) => TellAsync(() => engine.ThawAsync(session, default), ct);

    public Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct) => TellAsync(() => engine.LimitAsync(session, limits, default), ct);

    public Task DeleteAsync(SessionId session, CancellationToken ct) => TellAsync(() => engine.DeleteAsync(session, default), ct);

    public Task DeleteHomeAsync(UserId user, CancellationToken ct) => TellAsync(() => engine.DeleteHomeAsync(user, default), ct);

    public async Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct)
    {
        death.ThrowIfCancellationRequested();
        return await engine.InspectAsync(session, ct);
    }

    public Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct) => engine.ListAsync(ct);

    public IAsyncEnumerable<RuntimeChange> WatchAsync(CancellationToken ct) => engine.WatchAsync(ct);

    public Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct) => engine.OpenDisplayAsync(session, ct);

    public Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct) => engine.ExecAsync(session, spec, ct);

    public IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, CancellationToken ct) => engine.LogsAsync(session, tail, follow, ct);

    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct) => engine.ProcessesAsync(session, ct);

    public Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct) => engine.UsageAsync(session, ct);

    public Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct) => engine.ListFilesAsync(session, path, ct);

    public Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct) => engine.ReadFileAsync(session, path, ct);

    public Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct) => engine.WriteFileAsync(session, path, content, ct);

    public IHomeFiles Files => engine.Files;

    // A launch may be called off while its caller lives; a caller that dies calls nothing off.
    private CancellationToken Unless(CancellationToken ct)
    {
        var called = new CancellationTokenSource();
        ct.Register(() =>
        {
            if (!death.IsCancellationRequested)
                called.Cancel();
        });
        return called.Token;
    }

    private async Task TellAsync(Func<Task> act, CancellationToken ct)
    {
        death.ThrowIfCancellationRequested();
        await act().WaitAsync(death).WaitAsync(ct);
    }

    private async Task<string> TellAsync(Func<Task<string>> act, CancellationToken _)
    {
        death.ThrowIfCancellationRequested();
        return await act().WaitAsync(death);
    }
}
