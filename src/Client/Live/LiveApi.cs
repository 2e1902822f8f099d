using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StreamSpace.Client;

/// <summary>One thing that happened to a session, as the realtime socket tells it.</summary>
/// <param name="Type">Name of the event: <c>session.state.changed</c>.</param>
/// <param name="SessionId">Which session.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Timestamp">When.</param>
/// <param name="Data">What.</param>
/// <param name="Id">Position in the event log, for resuming; none for what is not in the log.</param>
public sealed record LiveEvent(string Type, string? SessionId, string? UserId, DateTimeOffset? Timestamp, JsonElement Data, long? Id = null);

/// <summary>What happens, as it happens.</summary>
public sealed class LiveApi
{
    private readonly Transport transport;

    internal LiveApi(Transport transport) => this.transport = transport;

    /// <summary>Events of one session or of everything the caller may see, until cancelled. Reconnects and resumes by itself.</summary>
    /// <param name="sessionId">Id of a session; null: all.</param>
    /// <param name="connected">Called each time the socket is open: from now on nothing is missed, so look at the state then.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<LiveEvent> SessionsAsync(string? sessionId, Func<CancellationToken, Task>? connected, [EnumeratorCancellation] CancellationToken ct)
    {
        long? since = null;
        for (var attempt = 0; ; attempt++)
        {
            using var socket = new ClientWebSocket();
            if (!await TryConnectAsync(socket, sessionId, since, attempt, ct))
                continue;
            attempt = 0;
            if (connected is not null)
                await connected(ct);
            while (await ReceiveAsync(socket, ct) is { } received)
            {
                since = received.Id ?? since;
                yield return received;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), transport.Clock, ct); // a server that only closes must not be hammered
        }
    }

    private async Task<bool> TryConnectAsync(ClientWebSocket socket, string? sessionId, long? since, int attempt, CancellationToken ct)
    {
        var tokens = await transport.FreshAsync(ct);
        if (tokens is not null)
            socket.Options.SetRequestHeader("Authorization", "Bearer " + tokens.Access);
        var path = Query.Of("api/v1/ws/sessions", ("session_id", sessionId), ("since", since?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var address = new UriBuilder(new Uri(transport.Server, path)) { Scheme = transport.Server.Scheme == "https" ? "wss" : "ws" }.Uri;
        try
        {
            await socket.ConnectAsync(address, ct);
            return true;
        }
        catch (WebSocketException e) when (socket.HttpStatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.NotFound || attempt >= 20)
        {
            throw new ClientFailure(socket.HttpStatusCode == default ? null : socket.HttpStatusCode, "NO_EVENTS", $"The server's events cannot be followed: {e.Message}", e);
        }
        catch (WebSocketException)
        {
            // The server may be restarting: it comes back, and so do we.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 << Math.Min(attempt, 5), 2000)), transport.Clock, ct);
            return false;
        }
    }

    private static async Task<LiveEvent?> ReceiveAsync(ClientWebSocket socket, CancellationToken ct)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(4096), ct);
                if (part.MessageType == WebSocketMessageType.Close)
                    return null;
                message.Advance(part.Count);
                if (part.EndOfMessage)
                    return JsonSerializer.Deserialize<LiveEvent>(message.WrittenSpan, ClientJson.Envelope);
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
