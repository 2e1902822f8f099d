using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;
using StreamSpace.Runtimes.Local.Watching;

namespace StreamSpace.Runtimes.Local;

/// <summary>Sessions as sandboxes on this machine. Disk and /proc hold the truth; this object holds only gates, watches and listeners.</summary>
internal sealed class LocalRuntime : ISessionRuntime, IAsyncDisposable
{
    private readonly Places _places;
    private readonly GroupTree _groups;
    private readonly LocalProbe _probe;
    private readonly SessionLauncher _launcher;
    private readonly SessionEnder _ender;
    private readonly SessionGates _gates = new();
    private readonly ChangeFeed _changes = new();
    private readonly FileEvents _readiness = new();
    private readonly SessionWatch _watch;
    private readonly Lazy<string?> _setUp;
    private int _disposed;

    public LocalRuntime(IOptions<LocalRuntimeOptions> options, TimeProvider clock)
    {
        var settings = options.Value;
        _places = new Places(settings);
        _groups = new GroupTree(_places.Key, settings.UseCgroups);
        _probe = new LocalProbe(settings, _groups, clock);
        _launcher = new SessionLauncher(_places, settings, _groups, new Uids(_places, settings.FirstUid), clock);
        _ender = new SessionEnder(settings, clock);
        _watch = new SessionWatch(_places, _readiness, _changes) { Ended = EndedAsync };
        _setUp = new Lazy<string?>(SetUp);
        NetworkChange.NetworkAddressChanged += CloseNewAddresses;
    }

    public string Name => "local";

    public async Task<RuntimeHealth> ProbeAsync(CancellationToken ct)
    {
        try
        {
            if (_setUp.Value is { } problem)
                return new RuntimeHealth(false, null, problem, [], RuntimeCapabilities.None);
            var health = await _probe.ProbeAsync(ct);
            if (health.Available)
                _launcher.Prepare();
            return health;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new RuntimeHealth(false, null, e.Message, [], RuntimeCapabilities.None);
        }
    }

    public async Task<Readiness> CheckAsync(Application application, CancellationToken ct)
    {
        var health = await ProbeAsync(ct);
        return health.Available ? LocalProbe.Check(application) : new Readiness(ReadinessState.Unavailable, [], health.Problem);
    }

    public async Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        if (_setUp.Value is { } problem)
            throw new RuntimeFailure(RuntimeReasons.StartFailed, problem);
        using var gate = await _gates.EnterAsync(spec.Session, ct);
        var found = FoundSession.Find(_places, spec.Session);
        if (found is { IsAlive: true })
        {
            if (!found.Group.IsFrozen)
                await _launcher.AwaitDisplayAsync(spec, ct);
            found = FoundSession.Find(_places, spec.Session)!;
        }
        else
        {
            if (LocalProbe.Check(spec.Application) is { State: ReadinessState.Missing } missing)
                throw new RuntimeFailure(RuntimeReasons.PackagesMissing, $"This machine lacks {string.Join(", ", missing.Missing)}. {missing.Remedy}");
            if (found is not null)
                await SessionEnder.CleanAsync(found, ct);
            found = await LaunchAsync(spec, progress, ct);
        }

        found.Group.LimitCpu(spec.Limits.CpuMillicores);
        _watch.Follow(found);
        Tell(found);
        var notes = new SessionNotes(found.Places.Folder, found.Record.Uid, found.Status.Guard.Pid, found.Status.Init.Pid, _groups.Version, found.Record.Groups);
        return JsonSerializer.Serialize(notes, LocalJson.Default.SessionNotes);
    }

    public async Task StopAsync(SessionId session, CancellationToken ct)
    {
        using var gate = await _gates.EnterAsync(session, ct);
        if (FoundSession.Find(_places, session) is not { IsAlive: true } found)
            return;
        await File.WriteAllTextAsync(found.Places.Asked, string.Empty, ct);
        await _ender.AskAsync(found, ct);
        await SessionEnder.KillAsync(found, CancellationToken.None);
        await SessionEnder.CleanAsync(found, CancellationToken.None);
        Tell(found);
    }

    public async Task FreezeAsync(SessionId session, CancellationToken ct)
    {
        using var gate = await _gates.EnterAsync(session, ct);
        var found = FoundSession.Running(_places, session);
        if (found.Group.IsFrozen)
            return;
        await found.Group.FreezeAsync(ct);
        Tell(found);
    }

    public async Task ThawAsync(SessionId session, CancellationToken ct)
    {
        using var gate = await _gates.EnterAsync(session, ct);
        var found = FoundSession.Running(_places, session);
        if (!found.Group.IsFrozen)
            return;
        await found.Group.ThawAsync(ct);
        Tell(found);
    }

    public async Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct)
    {
        using var gate = await _gates.EnterAsync(session, ct);
        var found = FoundSession.Running(_places, session);
        found.Group.Change(limits);
        (found.Record with { Limits = limits with { Processes = found.Record.Limits.Processes } }).Write(found.Places);
    }

    public async Task DeleteAsync(SessionId session, CancellationToken ct)
    {
        using var gate = await _gates.EnterAsync(session, ct);
        if (FoundSession.Find(_places, session) is { } found)
        {
            var wasAlive = found.IsAlive;
            await File.WriteAllTextAsync(found.Places.Asked, string.Empty, CancellationToken.None);
            await SessionEnder.KillAsync(found, CancellationToken.None);
            await SessionEnder.CleanAsync(found, CancellationToken.None);
            if (wasAlive)
                _changes.Tell(new RuntimeChange(RuntimeChangeKind.Session, found.State() with { Phase = RuntimePhase.Stopped, Reason = null, Message = null }, null));
        }

        var at = _places.Session(session);
        Homes.Remove(at.Run);
        Homes.Remove(at.Folder);
    }

    public async Task DeleteHomeAsync(UserId user, CancellationToken ct)
    {
        foreach (var state in await ListAsync(ct))
        {
            if (state.Phase != RuntimePhase.Stopped && FoundSession.Find(_places, state.Session) is { } found && found.Record.Owner == user && found.Record.PersistentHome)
                throw new RuntimeFailure(RuntimeReasons.WrongState, "A session of this person runs and uses the home.");
        }

        Homes.Remove(_places.Home(user));
    }

    public Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct)
    {
        var found = FoundSession.Find(_places, session);
        if (found is { IsUp: true })
            _watch.Follow(found);
        return Task.FromResult(found?.State());
    }

    public async Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct)
    {
        var states = new List<RuntimeState>();
        foreach (var session in Known())
        {
            if (await InspectAsync(session, ct) is { } state)
                states.Add(state);
        }

        return states;
    }

    public async IAsyncEnumerable<RuntimeChange> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await ListAsync(ct);
        await foreach (var change in _changes.ListenAsync(ct))
            yield return change;
    }

    public async Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct)
    {
        var found = FoundSession.Running(_places, session);
        try
        {
            return await Display.ConnectAsync(found.Places, ct);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new RuntimeFailure(RuntimeReasons.WrongState, "The session's display does not answer.", e);
        }
    }

    public async Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct) =>
        await LocalTerminal.OpenAsync(_places, FoundSession.Awake(_places, session), spec, _readiness, ct);

    public IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, CancellationToken ct) =>
        LogRing.ReadAsync(_places.Session(session).Log, tail, () => follow && FoundSession.Find(_places, session) is { IsAlive: true }, ct);

    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct)
    {
        var found = FoundSession.Running(_places, session);
        var init = found.Status.Init.Pid;
        return Task.FromResult(ProcessTable.Describe(found.Group.Pids() ?? [.. ProcessTable.InNamespaceOf(init)], init));
    }

    public Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct) =>
        Task.FromResult(FoundSession.Find(_places, session) is { IsUp: true } found ? SessionUsage.Take(found) : null);

    public async Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct)
    {
        using var files = SessionFiles.Open(_places, session);
        return await Task.Run(() => files.List(path), ct);
    }

    public async Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct)
    {
        using var files = SessionFiles.Open(_places, session);
        return await Task.Run(() => files.Read(path), ct);
    }

    public async Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct)
    {
        using var files = SessionFiles.Open(_places, session);
        await files.WriteAsync(path, content, ct);
    }

    public IHomeFiles Files => new HomeFiles(_places);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        NetworkChange.NetworkAddressChanged -= CloseNewAddresses;
        await _watch.DisposeAsync();
        _readiness.Dispose();
        _groups.Leave();
    }

    private async Task<FoundSession> LaunchAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        try
        {
            return await _launcher.StartAsync(spec, progress, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (FoundSession.Find(_places, spec.Session) is { } found)
            {
                await SessionEnder.KillAsync(found, CancellationToken.None);
                var failure = e as RuntimeFailure ?? new RuntimeFailure(RuntimeReasons.StartFailed, e.Message, e);
                Json.Write(found.Places.Ending, new Ending(failure.Reason, failure.Message), LocalJson.Default.Ending);
                await SessionEnder.CleanAsync(found, CancellationToken.None);
            }

            if (e is RuntimeFailure)
                throw;
            throw new RuntimeFailure(RuntimeReasons.StartFailed, $"The session could not be started: {e.Message}", e);
        }
    }

    /// <summary>The processes are gone and nobody here asked for it.</summary>
    private async Task EndedAsync(SessionId session, ProcessIdentity init)
    {
        using var gate = await _gates.EnterAsync(session, CancellationToken.None);
        if (FoundSession.Find(_places, session) is not { } found || found.Status.Init != init || File.Exists(found.Places.Asked) || File.Exists(found.Places.Ending))
            return;

        // The guard writes the exit code a moment later.
        await ControlFile.BecomesAsync(() => !found.Status.Guard.IsAlive, TimeSpan.FromSeconds(1), CancellationToken.None);
        found = FoundSession.Find(_places, session)!;
        await SessionEnder.KillAsync(found, CancellationToken.None);
        await SessionEnder.CleanAsync(found, CancellationToken.None);
        Tell(found);
    }

    private void Tell(FoundSession found) => _changes.Tell(new RuntimeChange(RuntimeChangeKind.Session, found.State(), null));

    private List<SessionId> Known() => !Directory.Exists(_places.Sessions)
        ? []
        : [.. Directory.EnumerateDirectories(_places.Sessions).Select(folder => SessionId.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : default).Where(id => id != default)];

    // Container engines give this machine new addresses all day; a session that runs must not reach those either.
    private void CloseNewAddresses(object? sender, EventArgs e)
    {
        foreach (var session in Known())
        {
            if (FoundSession.Find(_places, session) is { } found)
                _launcher.CloseAgain(found);
        }
    }

    private string? SetUp()
    {
        try
        {
            _places.Create();
            var known = Known().Select(Places.Short).ToHashSet(StringComparer.Ordinal);
            _groups.SweepAsync(known, CancellationToken.None).GetAwaiter().GetResult();
            CloseNewAddresses(this, EventArgs.Empty);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return $"The local runtime's folders cannot be made: {e.Message}";
        }
    }
}
