using System.Net.WebSockets;
using StreamSpace.Client;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Bench.Sessions;

/// <summary>A viewer as a browser is one: a ticket, a WebSocket, the protocol.</summary>
internal static class Viewing
{
    public static async Task<RfbClient> ConnectAsync(StreamSpaceClient client, string session, CancellationToken ct)
    {
        var ticket = await client.Sessions.OpenViewerAsync(session, null, ct);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("binary");
        await socket.ConnectAsync(new UriBuilder(new Uri(client.Server, ticket.Url)) { Scheme = "ws" }.Uri, ct);
        return await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true), null, ct);
    }

    public static Task FirstPictureAsync(this RfbClient viewer, CancellationToken ct) => viewer.WaitForAsync(p => p.HasContent, ct);
}
