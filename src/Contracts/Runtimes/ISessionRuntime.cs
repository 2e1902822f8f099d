namespace StreamSpace.Contracts.Runtimes;

/// <summary>
/// A place where sessions run. The session's id is the only key: everything a runtime made for a session can be found again
/// by it, so a server that died between two instructions finds, adopts or removes what it left behind.
/// Every method is safe to call twice. Expected failures are <see cref="RuntimeFailure"/>.
/// </summary>
public interface ISessionRuntime
{
    /// <summary>The name in the API: <c>local</c>, <c>docker</c>, <c>kubernetes</c>.</summary>
    string Name { get; }

    /// <summary>Asks whether the runtime answers now and what it can do. Never throws; cheap enough for each 10 seconds.</summary>
    Task<RuntimeHealth> ProbeAsync(CancellationToken ct);

    /// <summary>Asks whether an application can start here, without starting anything.</summary>
    Task<Readiness> CheckAsync(Application application, CancellationToken ct);

    /// <summary>
    /// Brings the session's processes up and returns once its display accepts a connection.
    /// A session that already runs is adopted as it is. Progress is reported per step.
    /// </summary>
    /// <returns>The runtime's own notes about what it made (JSON), for administrators and support.</returns>
    Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct);

    /// <summary>Ends the session's processes, politely for at most 10 s, then by force. The home stays. Works on a frozen session.</summary>
    Task StopAsync(SessionId session, CancellationToken ct);

    /// <summary>Pauses every process of the session; memory stays.</summary>
    Task FreezeAsync(SessionId session, CancellationToken ct);

    /// <summary>Lets a frozen session go on.</summary>
    Task ThawAsync(SessionId session, CancellationToken ct);

    /// <summary>
    /// Gives a running or frozen session other limits of CPU and memory, as far as <see cref="RuntimeCapabilities"/> go; its processes notice nothing else.
    /// What it cannot do is refused and holds from the next start: <see cref="RuntimeReasons.NotSupported"/>, or <see cref="RuntimeReasons.MemoryInUse"/>
    /// when the session holds more memory than it shall have.
    /// </summary>
    Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct);

    /// <summary>Ends the session and removes everything it had but a persistent home.</summary>
    Task DeleteAsync(SessionId session, CancellationToken ct);

    /// <summary>Removes a person's persistent home; refused while one of their sessions runs here.</summary>
    Task DeleteHomeAsync(UserId user, CancellationToken ct);

    /// <summary>Tells what is, now. Null when the runtime knows nothing of the session.</summary>
    Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct);

    /// <summary>All sessions of this installation that the runtime knows, running or not; for adoption and for reaping orphans.</summary>
    Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct);

    /// <summary>Changes as they happen, without end; survives the runtime going away (it reports that, resyncs, goes on).</summary>
    IAsyncEnumerable<RuntimeChange> WatchAsync(CancellationToken ct);

    /// <summary>A raw duplex byte stream to the session's RFB server. Each call opens a connection of its own.</summary>
    Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct);

    /// <summary>Starts a program in the session with a terminal of its own, under the session's user, limits and namespaces.</summary>
    Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct);

    /// <summary>The session's output, oldest first; with <paramref name="follow"/> it goes on until cancelled or the session ends.</summary>
    IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, CancellationToken ct);

    /// <summary>The processes inside the session.</summary>
    Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct);

    /// <summary>What the session has used so far and holds now. Null when it does not run.</summary>
    Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct);

    /// <summary>Lists a folder of the session's file system. Paths are absolute inside the session; links are not followed out of it.</summary>
    Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Opens one file for reading. The caller disposes the stream.</summary>
    Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Writes one file whole, owned by the session's user, replacing an older one.</summary>
    Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct);

    /// <summary>The files below the home of sessions that run.</summary>
    IHomeFiles Files { get; }
}

/// <summary>A program's terminal inside a session: bytes both ways, a size, an exit code.</summary>
public interface IRuntimeTerminal : IAsyncDisposable
{
    /// <summary>Reads give the program's output, writes are its input.</summary>
    Stream Stream { get; }

    /// <summary>Tells the program a new size in characters.</summary>
    Task ResizeAsync(int columns, int rows, CancellationToken ct);

    /// <summary>The exit code, once the program ended; null when it cannot be known.</summary>
    Task<int?> WaitAsync(CancellationToken ct);
}
