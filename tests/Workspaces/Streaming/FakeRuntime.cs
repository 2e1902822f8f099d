using System.Collections.Concurrent;
using System.Net.Sockets;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>A runtime that has displays and nothing else. A display is a scripted server or the path of a real one's socket.</summary>
internal sealed class FakeRuntime : ISessionRuntime
{
    private readonly ConcurrentBag<Stream> _open = [];

    /// <summary>What the next connections reach; null: nothing answers.</summary>
    public RfbServer? Display { get; set; } = new(320, 200);

    /// <summary>A real server's Unix socket; wins over <see cref="Display"/>.</summary>
    public string? SocketPath { get; set; }

    public int Opened { get; private set; }

    public string Name => "fake";

    public async Task<Stream> OpenDisplayAsync(SessionId session, CancellationToken ct)
    {
        Opened++;
        if (SocketPath is { } path)
        {
            var real = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await real.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(real, ownsSocket: true);
        }
        var display = Display ?? throw new RuntimeFailure(RuntimeReasons.DisplayLost, "no display");
        var (near, far) = await PairAsync(ct);
        _open.Add(far);
        _ = ServeAsync(display, far);
        return near;
    }

    /// <summary>Every connection to the display breaks, as when its process is killed.</summary>
    public async Task KillAsync()
    {
        foreach (var stream in _open)
            await stream.DisposeAsync();
        _open.Clear();
    }

    private static async Task ServeAsync(RfbServer display, Stream stream)
    {
        try
        {
            await using (stream)
                await display.ServeAsync(stream, CancellationToken.None);
        }
        catch (Exception e) when (e is RfbException or IOException or ObjectDisposedException or SocketException)
        {
            // The proxy is what is looked at.
        }
    }

    private static async Task<(Stream Near, Stream Far)> PairAsync(CancellationToken ct)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = listener.AcceptAsync(ct);
        await near.ConnectAsync(listener.LocalEndPoint!, ct);
        var far = await accepting;
        far.NoDelay = true;
        return (new NetworkStream(near, ownsSocket: true), new NetworkStream(far, ownsSocket: true));
    }

    public Task<RuntimeHealth> ProbeAsync(CancellationToken ct) => Task.FromResult(new RuntimeHealth(true, "fake", null, [], RuntimeCapabilities.None));

    public Task<Readiness> CheckAsync(Application application, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct) => throw new NotSupportedException();

    public Task StopAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task FreezeAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task ThawAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task LimitAsync(SessionId session, ResourceLimits limits, CancellationToken ct) => throw new NotSupportedException();

    public Task DeleteAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task DeleteHomeAsync(UserId user, CancellationToken ct) => throw new NotSupportedException();

    public Task<RuntimeState?> InspectAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<RuntimeState>> ListAsync(CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<RuntimeChange> WatchAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IRuntimeTerminal> ExecAsync(SessionId session, ExecSpec spec, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<LogLine> LogsAsync(SessionId session, int tail, bool follow, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<FileEntry>> ListFilesAsync(SessionId session, string path, CancellationToken ct) => throw new NotSupportedException();

    public Task<Stream> ReadFileAsync(SessionId session, string path, CancellationToken ct) => throw new NotSupportedException();

    public Task WriteFileAsync(SessionId session, string path, Stream content, CancellationToken ct) => throw new NotSupportedException();

    public IHomeFiles Files => throw new NotSupportedException();
}
