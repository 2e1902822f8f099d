using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Inside;
using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker.Displays;

/// <summary>
/// Opens connections to a session's RFB server: by the container's address, by a published port, or, when the session has no
/// network at all, through a small relay inside the container.
/// </summary>
internal sealed class DisplayDoor(Containers containers, Execs execs, IOptions<DockerOptions> options, TimeProvider clock)
{
    private const int UsualPort = 5900;
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(25);
    private readonly ConcurrentDictionary<SessionId, EndPoint> _known = new();

    public void Forget(SessionId session) => _known.TryRemove(session, out _);

    /// <summary>The address ports are published at; null when containers are dialled directly.</summary>
    public string? PublishAt(Ground ground) => options.Value.Reach switch
    {
        DisplayReach.Address => null,
        DisplayReach.Auto when ground.BridgeVisible => null,
        _ when containers.EngineAddress.IsLocal => IPAddress.TryParse(EngineHost(), out var address) ? address.ToString() : "0.0.0.0",
        _ => "0.0.0.0",
    };

    /// <summary>A connection whose server has said its first words, within the patience given.</summary>
    public async Task<Stream> OpenAsync(SessionId session, TimeSpan patience, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var looked = false;
        while (true)
        {
            if (!_known.TryGetValue(session, out var endpoint))
            {
                endpoint = await LookAsync(session, ct);
                looked = true;
                if (endpoint is null)
                    return await RelayAsync(session, PortOf((await containers.FindAsync(session, ct))?.Config.Labels), ct);
                _known[session] = endpoint;
            }

            if (await TryAsync(endpoint, looked ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(500), ct) is { } stream)
                return stream;
            var waited = clock.GetElapsedTime(began);
            if (waited > patience)
            {
                // A container that ended meanwhile is the better answer.
                await LookAsync(session, ct);
                throw new RuntimeFailure(RuntimeReasons.DisplayTimeout, string.Create(CultureInfo.InvariantCulture, $"The session runs, but its display did not answer within {patience.TotalSeconds:0} s."));
            }

            // While it comes up a refused connection costs nothing, so ask often at first; look at the container itself now and then.
            await Task.Delay(waited < TimeSpan.FromSeconds(1) ? Often : Seldom, clock, ct);
            if (!looked || waited > TimeSpan.FromSeconds(1))
                Forget(session);
        }
    }

    private async Task<EndPoint?> LookAsync(SessionId session, CancellationToken ct)
    {
        var found = await containers.FindAsync(session, ct);
        if (found is not { State.Running: true })
        {
            var why = found is null ? null : containers.Read(session, found).Message;
            throw new RuntimeFailure(RuntimeReasons.WrongState, why ?? "The session does not run.");
        }

        if (found.State.Paused)
            throw new RuntimeFailure(RuntimeReasons.WrongState, "The session is frozen.");
        if (Published(found) is { } published)
            return published;
        var address = found.NetworkSettings.Networks?.Values.Select(endpoint => endpoint.IPAddress).FirstOrDefault(text => !string.IsNullOrEmpty(text));
        return address is null ? null : new IPEndPoint(IPAddress.Parse(address), PortOf(found.Config.Labels));
    }

    private DnsEndPoint? Published(ContainerDetail found)
    {
        var binding = found.NetworkSettings.Ports?.Values.SelectMany(bindings => bindings ?? []).FirstOrDefault(binding => !string.IsNullOrEmpty(binding.HostPort));
        return binding is null ? null : new(EngineHost(), int.Parse(binding.HostPort!, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static int PortOf(Dictionary<string, string>? labels) =>
        int.TryParse(labels?.GetValueOrDefault(Names.DisplayPort), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : UsualPort;

    private string EngineHost()
    {
        if (!string.IsNullOrEmpty(options.Value.PublishedHost))
            return options.Value.PublishedHost;
        if (!containers.EngineAddress.IsLocal)
            return containers.EngineAddress.Host;
        return Gateway.Find()?.ToString() ?? "127.0.0.1";
    }

    private async Task<Stream> RelayAsync(SessionId session, int port, CancellationToken ct)
    {
        var relay = string.Create(CultureInfo.InvariantCulture,
            $"for ((i = 0; i < 1500; i++)); do if {{ exec 3<>/dev/tcp/127.0.0.1/{port}; }} 2>/dev/null; then printf +; cat <&3 & exec cat >&3; fi; sleep 0.02; done; exit 1");
        var pipe = await execs.OpenPipeAsync(session, ["/bin/bash", "-c", relay], ct);
        try
        {
            // The relay's own first byte says that it is connected; everything behind it is the display's.
            if (await pipe.ReadAsync(new byte[1], ct) == 1)
                return pipe;
            throw new RuntimeFailure(RuntimeReasons.DisplayTimeout, "The session runs, but its display did not answer within 30 s.");
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "the stream owns the socket")]
    private static async Task<Stream?> TryAsync(EndPoint endpoint, TimeSpan patience, CancellationToken ct)
    {
        var socket = endpoint is DnsEndPoint ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            await socket.ConnectAsync(endpoint, limit.Token);
            var first = new byte[1];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek, limit.Token) == 1)
                return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Nobody listens yet, or a proxy of the engine does and has nobody behind it.
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        return null;
    }
}
