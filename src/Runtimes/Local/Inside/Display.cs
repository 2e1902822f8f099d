using System.Net.Sockets;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>Connections to a session's display.</summary>
internal static class Display
{
    /// <summary>
    /// Connects to exactly the socket that lies in the folder: a link that a session put there instead could lead the server to
    /// any socket of the machine.
    /// </summary>
    public static async Task<Stream> ConnectAsync(SessionPlaces at, CancellationToken ct)
    {
        var file = Libc.Open(at.Socket, Libc.PathOnly | Libc.NoFollow | Libc.CloseOnExec, 0);
        if (file < 0)
            throw new SocketException((int)SocketError.ConnectionRefused);
        try
        {
            if (!FileStatus.OfFile(file).IsSocket)
                throw new SocketException((int)SocketError.ConnectionRefused);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/proc/self/fd/{file}"), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }
}
