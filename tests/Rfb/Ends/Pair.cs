using System.Net;
using System.Net.Sockets;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Rfb.Tests.Ends;

/// <summary>Two ends of a real socket.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _serving;

    private Pair(Stream viewer, Func<CancellationToken, Task> serve)
    {
        Viewer = viewer;
        _serving = serve(_over.Token);
    }

    public Stream Viewer { get; }

    public static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public static Pair Serve(RfbServer server)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var viewer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        viewer.Connect(listener.LocalEndPoint!);
        var far = new NetworkStream(listener.Accept(), ownsSocket: true);
        return new(new NetworkStream(viewer, ownsSocket: true), async ct =>
        {
            await using (far)
            {
                try
                {
                    await server.ServeAsync(far, ct);
                }
                catch (RfbException)
                {
                    // The test looks at the viewer's side.
                }
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Viewer.DisposeAsync();
        await _serving;
        _over.Dispose();
    }

    /// <summary>Says what was recorded and swallows what it hears.</summary>
    public sealed class Recorded(byte[] said) : MemoryStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var part = Math.Min(buffer.Length, said.Length - _at);
            said.AsSpan(_at, part).CopyTo(buffer.Span);
            _at += part;
            return ValueTask.FromResult(part);
        }
    }
}
