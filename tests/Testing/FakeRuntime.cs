using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Testing;

/// <summary>
/// A runtime made by hand: sessions are entries of a table, displays are scripted RFB servers. Delays and failures are set by the test.
/// Give the same one to two servers and they share it as replicas share an engine; it notes when two of them act on one session at once.
/// </summary>
public sealed class FakeRuntime(string name = "fake") : ISessionRuntime
{
    private readonly ConcurrentDictionary<SessionId, Entry> sessions = new();
    private readonly ConcurrentDictionary<Channel<RuntimeChange>, byte> watchers = new();
    private bool available = true;

    /// <summary>A real display that stands behind every session; null for one made by hand each.</summary>
    public Func<Task<Stream>>? Behind { get; set; }

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>How long each step of a launch takes.</summary>
    public TimeSpan StepTime { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long freezing, thawing, stopping and deleting take.</summary>
    public TimeSpan ActTime { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Lets a launch fail; null lets it succeed.</summary>
    public Func<LaunchSpec, RuntimeFailure?> FailStart { get; set; } = _ => null;

    /// <summary>Runs before anything is done; may throw whatever a runtime could.</summary>
    public Action<string, SessionId> Before { get; set; } = (_, _) => { };

    /// <summary>What it claims to be able to do.</summary>
    public RuntimeCapabilities Capabilities { get; set; } = new(true, true, true, true, true, true, true, false);

    /// <summary>CPU that a running session uses, in percent of a core.</summary>
    public double CpuPercent { get; set; }

    /// <summary>How often every session's limit on processes refused one.</summary>
    public long ProcessesRefused { get; set; }

    /// <summary>What every session may be made of.</summary>
    public Func<Application, Readiness> Check { get; set; } = _ => Readiness.Ready;

    /// <summary>Sessions on which two actors worked at the same time. Must stay empty.</summary>
    public ConcurrentBag<SessionId> Overlaps { get; } = [];

    /// <summary>What was done, in order: <c>start 0190…</c>.</summary>
    public ConcurrentQueue<(string Act, SessionId Session)> Acts { get; } = new();

    /// <summary>Specs of all launches.</summary>
    public ConcurrentDictionary<SessionId, LaunchSpec> Specs { get; } = new();

    /// <summary>Sessions with processes, running or paused.</summary>
    public int Alive => sessions.Values.Count(s => s.Phase is RuntimePhase.Running or RuntimePhase.Frozen);

    /// <summary>Every session it knows.</summary>
    public IReadOnlyDictionary<SessionId, RuntimePhase> States => sessions.ToDictionary(s => s.Key, s => s.Value.Phase);

    /// <summary>The display of a running session, to draw on.</summary>
    public RfbServer Display(SessionId session) => sessions[session].Display;

    /// <summary>Whether it answers. Changes are told as a real runtime tells them.</summary>
    public bool Available
    {
        get => available;
        set
        {
            available = value;
            Tell(new(value ? RuntimeChangeKind.Resync : RuntimeChangeKind.Lost, null, value ? null : "switched off by the test"));
        }
    }

    /// <summary>A session's processes end by themselves.</summary>
    public void Crash(SessionId session, string reason = RuntimeReasons.ProgramEnded, string message = "The program ended.")
    {
        var entry = sessions[session];
        (entry.Phase, entry.Reason, entry.Message) = (RuntimePhase.Stopped, reason, message);
        Tell(new(RuntimeChangeKind.Session, State(session, entry), null));
    }

    /// <summary>A program of a session is killed for memory; the session lives on.</summary>
    public void KillForMemory(SessionId session, string program) => Tell(new(RuntimeChangeKind.OutOfMemory, State(session, sessions[session]), program));

    /// <summary>Something that no row knows of.</summary>
    public SessionId Plant()
    {
        var id = SessionId.New();
        sessions[id] = new Entry { Phase = RuntimePhase.Running };
        return id;
    }

    /// <inheritdoc/>
    public Task<RuntimeHealth> ProbeAsync(CancellationToken ct) =>
        Task.FromResult(available ? new RuntimeHealth(true, "fake 1", null, [], Capabilities) : new RuntimeHealth(false, null, "Switched off by the test.", [], RuntimeCapabilities.None));

    /// <inheritdoc/>
    public Task<Readiness> CheckAsync(Application application, CancellationToken ct) => Task.FromResult(Check(application));

    /// <inheritdoc/>
    public async Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        using var act = Act("start", spec.Session);
        Specs[spec.Session] = spec;
        var entry = sessions.GetOrAdd(spec.Session, _ => new Entry());
        if (entry.Phase == RuntimePhase.Running)
            return "{}";
        entry.Phase = RuntimePhase.Starting;
        try
        {
            foreach (var step in Enum.GetValues<LaunchStep>())
            {
                progress.Report(new(step, step == LaunchStep.PrepareImage ? 50 : null, step.ToString()));
                await PauseAsync(StepTime, ct);
                Reach();
            }

            if (FailStart(spec) is { } failure)
                throw failure;
        }
        catch
        {
            entry.Phase = RuntimePhase.Stopped;
            throw;
        }

        entry.Display = new RfbServer(spec.Width, spec.Height, new(Password: spec.DisplayPassword, Name: spec.Name));
        (entry.Phase, entry.Reason, entry.Message, entry.Since) = (RuntimePhase.Running, null, null, Environment.TickCount64);
        Tell(new(RuntimeChangeKind.Session, State(spec.Session, entry), null));
        return "{\"fake\":true}";
    }

    /// <inheritdoc/>
    public Task StopAsync(SessionId session, CancellationToken ct) => MoveAsync("stop", session, RuntimePhase.Stopped, ct);

    /// <inheritdoc/>
    public Task FreezeAsync(SessionId session, CancellationToken ct) => MoveAsync("freeze", session, RuntimePhase.Frozen, ct, RuntimePhase.Running, RuntimePhase.Frozen);

    /// <inheritdoc/>
    public Task ThawAsync(SessionId session, CancellationToken ct) => MoveAsync("thaw", session, RuntimePhase.Running, ct, RuntimePhase.Running, RuntimePhase.Frozen);

    /// <inheritdoc/>
    public async Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct)
    {
        await MoveAsync("limit", session, RuntimePhase.Running, ct, RuntimePhase.Running);
        if (!Capabilities.MemoryLimit)
            throw new RuntimeFailure(RuntimeReasons.NotSupported, "The fake does not limit memory.");
        Specs[session] = Specs[session] with { Limits = limits };
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(SessionId session, CancellationToken ct)
    {
        await MoveAsync("delete", session, RuntimePhase.Stopped, ct);
        sessions.TryRemove(session, out _);
    }

    /// <inheritdoc/>
    public Task DeleteHomeAsync(UserId user, CancellationToken ct)
    {
        Reach();
        HomesDeleted.Enqueue(user);
        return Task.CompletedTask;
    }

    /// <summary>Homes that were deleted.</summary>
    public ConcurrentQueue<UserId> HomesDeleted { get; } = new();

    /// <inheritdoc/>
    public Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct)
    {
        Reach();
        return Task.FromResult(sessions.TryGetValue(session, out var entry) ? State(session, entry) : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct)
    {
        Reach();
        return Task.FromResult<IReadOnlyList<RuntimeState>>([.. sessions.Select(s => State(s.Key, s.Value))]);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RuntimeChange> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var changes = Channel.CreateUnbounded<RuntimeChange>();
        watchers[changes] = 0;
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(ct))
                yield return change;
        }
        finally
        {
            watchers.TryRemove(changes, out _);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct)
    {
        Reach();
        if (!sessions.TryGetValue(session, out var entry) || entry.Phase == RuntimePhase.Stopped)
            throw new RuntimeFailure(RuntimeReasons.WrongState, "It does not run.");
        if (Behind is { } behind)
            return behind();
        var (up, down) = (new Pipe(), new Pipe());
        _ = entry.Display.ServeAsync(new PipePair(up.Reader.AsStream(), down.Writer.AsStream()), CancellationToken.None);
        return Task.FromResult<Stream>(new PipePair(down.Reader.AsStream(), up.Writer.AsStream()));
    }

    /// <inheritdoc/>
    public Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct) => throw new RuntimeFailure(RuntimeReasons.NotSupported, "The fake has no terminals.");

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var line = Math.Max(0, 3 - tail); line < 3; line++)
            yield return new(null, $"line {line + 1}");
        if (follow)
            await Task.Delay(Timeout.Infinite, ct);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<SessionProcess>>([new(100, 1, "fake --now", 1_000_000, 4096)]);

    /// <inheritdoc/>
    public Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct) => Task.FromResult(
        sessions.TryGetValue(session, out var entry) && entry.Phase == RuntimePhase.Running
            ? new UsageSample((long)((Environment.TickCount64 - entry.Since) * 1_000_000 * CpuPercent / 100), 64L << 20, 10, 20, 30, 4, ProcessesRefused)
            : null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct) => Task.FromResult<IReadOnlyList<FileEntry>>([]);

    /// <inheritdoc/>
    public Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct) => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes("fake")));

    /// <inheritdoc/>
    public Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct) => Task.CompletedTask;

    /// <inheritdoc/>
    public IHomeFiles Files { get; } = new FakeHome();

    private async Task MoveAsync(string act, SessionId session, RuntimePhase to, CancellationToken ct, params RuntimePhase[] from)
    {
        using var acting = Act(act, session);
        Reach();
        await PauseAsync(ActTime, ct);
        Reach();
        if (!sessions.TryGetValue(session, out var entry) || (from.Length > 0 && !from.Contains(entry.Phase)))
        {
            if (from.Length > 0)
                throw new RuntimeFailure(RuntimeReasons.WrongState, $"The session cannot {act}: it does not run.");
            return;
        }

        if (entry.Phase == to)
            return;
        entry.Phase = to;
        Tell(new(RuntimeChangeKind.Session, State(session, entry), null));
    }

    private static Task PauseAsync(TimeSpan time, CancellationToken ct) => time > TimeSpan.Zero ? Task.Delay(time, ct) : Task.CompletedTask;

    private void Reach()
    {
        if (!available)
            throw new RuntimeFailure(RuntimeReasons.RuntimeLost, "Switched off by the test.");
    }

    private IDisposable Act(string act, SessionId session)
    {
        Before(act, session);
        Reach();
        Acts.Enqueue((act, session));
        var entry = act == "start" ? sessions.GetOrAdd(session, _ => new Entry()) : sessions.GetValueOrDefault(session);
        if (entry is null)
            return new Done(null);
        if (Interlocked.Increment(ref entry.Actors) > 1)
            Overlaps.Add(session);
        return new Done(entry);
    }

    private void Tell(RuntimeChange change)
    {
        foreach (var (watcher, _) in watchers)
            watcher.Writer.TryWrite(change);
    }

    private static RuntimeState State(SessionId session, Entry entry) => new(session, entry.Phase, entry.Reason, entry.Message, null);

    private sealed class Entry
    {
        public int Actors;

        public RuntimePhase Phase { get; set; } = RuntimePhase.Stopped;

        public string? Reason { get; set; }

        public string? Message { get; set; }

        public long Since { get; set; } = Environment.TickCount64;

        public RfbServer Display { get; set; } = new(64, 64);
    }

    private sealed class Done(Entry? entry) : IDisposable
    {
        public void Dispose()
        {
            if (entry is not null)
                Interlocked.Decrement(ref entry.Actors);
        }
    }
}

/// <summary>One end of two pipes.</summary>
internal sealed class PipePair(Stream reading, Stream writing) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => reading.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => reading.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => writing.Write(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => writing.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);

    public override void Flush() => writing.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reading.Dispose();
            writing.Dispose();
        }

        base.Dispose(disposing);
    }
}
