using System.Net;
using System.Net.Sockets;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>A network that carries only so many bytes per second towards the viewer. Its buffers are small, so that what does not fit waits at the sender.</summary>
internal sealed class SlowLine : IDisposable
{
    private const int Piece = 4 * 1024;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _server;
    private readonly CancellationTokenSource _over = new();

    public SlowLine(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>0 for as many as there are.</summary>
    public int BytesPerSecond { get; set; }

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptAsync(_over.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket viewer)
    {
        using var near = viewer;
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 2 * Piece };
        viewer.NoDelay = true;
        viewer.SendBufferSize = 2 * Piece;
        await far.ConnectAsync(_server);
        await Task.WhenAny(CopyAsync(viewer, far, () => 0), CopyAsync(far, viewer, () => BytesPerSecond));
    }

    private async Task CopyAsync(Socket from, Socket to, Func<int> rate)
    {
        var buffer = new byte[Piece];
        try
        {
            for (int got; (got = await from.ReceiveAsync(buffer, _over.Token)) > 0;)
            {
                await to.SendAsync(buffer.AsMemory(0, got), _over.Token);
                if (rate() is > 0 and var limit)
                    await Task.Delay(TimeSpan.FromSeconds((double)got / limit), _over.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the ends left.
        }
    }
}
