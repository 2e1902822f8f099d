using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>
/// What the contract suite needs to know about one runtime. One bed per test class; it makes nothing until a test asks.
/// Sessions made through <see cref="StartAsync"/> are removed when the class is done.
/// </summary>
public abstract class RuntimeBed : IAsyncLifetime
{
    private readonly List<SessionId> _started = [];
    private readonly Dictionary<string, Task<LaunchSpec>> _shared = new(StringComparer.Ordinal);
    private readonly List<UserId> _owners = [];
    private ISessionRuntime? _runtime;

    /// <summary>The runtime, made on first use.</summary>
    public ISessionRuntime Runtime => _runtime ??= Open();

    /// <summary>A program with a window that stays: a terminal.</summary>
    public abstract Application Terminal { get; }

    /// <summary>A bare desktop: window manager and panel, no main program.</summary>
    public abstract Application Desktop { get; }

    /// <summary>A program other than the terminal's, in the same image or on the same machine.</summary>
    public Application Program(params string[] command) => Terminal with { Command = command, Panel = false };

    /// <summary>A further instance over the same data, as after the server was killed and started again.</summary>
    public abstract ISessionRuntime Open();

    /// <summary>Everything on this machine that belongs to the session - processes, folders, mounts, groups, containers, volumes - one line each.</summary>
    public abstract Task<IReadOnlyList<string>> TracesAsync(LaunchSpec spec);

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public LaunchSpec Spec(Application application, UserId? owner = null)
    {
        var session = SessionId.New();
        var user = owner ?? UserId.New();
        _owners.Add(user);
        var tail = session.ToString()[^8..];
        return new LaunchSpec(
            session,
            $"contract-{tail}",
            user,
            $"tester-{user.ToString()[^8..]}",
            application,
            new ResourceLimits(2000, 1L << 30, 1L << 30),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CONTRACT_WORD"] = "a word with spaces" },
            1024,
            768,
            PersistentHome: true,
            DisplayPassword: $"pw{tail[..6]}");
    }

    public async Task<LaunchSpec> StartAsync(LaunchSpec spec, IProgress<LaunchProgress>? progress = null)
    {
        _started.Add(spec.Session);
        using var patience = Patience(90);
        await Runtime.StartAsync(spec, progress ?? new Progress<LaunchProgress>(), patience.Token);
        return spec;
    }

    /// <summary>One session that the tests of a class share, for tests that leave it as it was.</summary>
    public Task<LaunchSpec> SharedAsync(string name = "shared")
    {
        lock (_shared)
        {
            if (!_shared.TryGetValue(name, out var session))
                _shared[name] = session = StartAsync(Spec(Terminal));
            return session;
        }
    }

    public static CancellationTokenSource Patience(int seconds) => new(TimeSpan.FromSeconds(seconds));

    public virtual async Task DisposeAsync()
    {
        if (_runtime is null)
            return;
        using var patience = Patience(60);
        foreach (var session in _started)
            await _runtime.DeleteAsync(session, patience.Token);
        foreach (var owner in _owners)
            await _runtime.DeleteHomeAsync(owner, patience.Token);
        if (_runtime is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
