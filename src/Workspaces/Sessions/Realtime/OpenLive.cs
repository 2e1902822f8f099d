using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// The realtime socket: 1 who asks and for what, 2 register with the hub, 3 what was missed since the given position,
/// 4 what comes, until either side ends it. Only the server speaks; what a client sends is read and forgotten.
/// </summary>
internal static class OpenLive
{
    /// <summary>Beyond this many events a client is better off loading its lists anew.</summary>
    private const long MostMissed = 10_000;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/ws/sessions", HandleAsync).Needs(SessionsPermissions.View).Endless()
        .WithName("WatchSessions").WithTags("Realtime").WithSummary("Follow sessions as they change (WebSocket)")
        .WithDescription("Messages {type, sessionId, userId, timestamp, data, id} about every session the caller may see; narrow with user_id or session_id, resume with since=<last id>. " +
            "A message of type \"resync\" means that too much was missed: load the lists anew. Close codes: 1001 server stops, 1013 too slow, 4401 login ended.");

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "user_id")] UserId? userId, [FromQuery(Name = "session_id")] SessionId? sessionId, [FromQuery(Name = "since")] long? since,
        HttpContext http, ICaller caller, PermissionRegistry permissions, SessionShelf shelf, LiveHub hub, IEventFeed feed, CancellationToken ct)
    {
        // 1
        if (!http.WebSockets.IsWebSocketRequest)
            return Failure.Field("Upgrade", "this address is a WebSocket; connect with ws:// or wss://.").ToHttp();
        if (caller.ByCookie && IsForeign(http.Request))
            return new Failure(FailureKind.Denied, "FOREIGN_ORIGIN", "Another site may not open this connection with your login.").ToHttp();
        var seesAll = caller.May(SessionsPermissions.ViewAll) || caller.May(SessionsPermissions.ManageAll);
        if (userId is { } person && person != caller.UserId && !seesAll)
            return Failure.Missing("user").ToHttp();
        if (sessionId is { } session && await shelf.FindAsync(new SessionRef(session, null), ct) is { Ok: false } missing)
            return missing.Failure.ToHttp();

        // 2
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
        var listener = new LiveListener(caller.UserId, caller.Login, seesAll, Audiences(caller, permissions), userId, sessionId);
        var registered = await hub.AddAsync(listener, ct);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(socket, gone);
        try
        {
            // 3
            var last = since is { } from && from < registered ? await CatchUpAsync(socket, listener, feed, from, registered, gone.Token) : since ?? 0;

            // 4
            await foreach (var message in listener.Waiting.ReadAllAsync(gone.Token))
            {
                if (message.Position > last)
                    await socket.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, gone.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // The client went away, or the server stops; told below if anybody is left to hear it.
        }
        finally
        {
            hub.Remove(listener);
            await CloseAsync(socket, listener.End ?? LiveEnd.ServerStops);
            // The client's own close frame is waited for a moment: cutting the line would take ours with it.
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
            await gone.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Results.Empty;
    }

    private static HashSet<string> Audiences(ICaller caller, PermissionRegistry permissions) =>
        LiveMessage.Audiences.Where(name => permissions.Find(name) is { } permission && caller.May(permission)).ToHashSet(StringComparer.Ordinal);

    private static async Task<long> CatchUpAsync(WebSocket socket, LiveListener listener, IEventFeed feed, long from, long until, CancellationToken ct)
    {
        if (until - from > MostMissed || from < 0)
        {
            await socket.SendAsync(Resync(from, until), WebSocketMessageType.Text, endOfMessage: true, ct);
            return until;
        }

        await foreach (var fact in feed.SubscribeAsync(from, ct))
        {
            if (fact.Position <= until && LiveMessage.From(fact) is { } message && listener.Sees(message))
                await socket.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, ct);
            if (fact.Position >= until)
                break;
        }

        return until;
    }

    private static byte[] Resync(long since, long position) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { type = "resync", sessionId = (string?)null, userId = (string?)null, timestamp = (string?)null, data = new { since }, id = position }));

    private static async Task ReadAsync(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[256];
        var total = 0;
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(buffer.AsMemory(), gone.Token);
                total += got.Count;
                // Nothing is expected of a client; one that talks on is not ours.
                if (got.MessageType == WebSocketMessageType.Close || total > 1_000_000)
                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // Gone without a word.
        }

        await gone.CancelAsync();
    }

    private static async Task CloseAsync(WebSocket socket, LiveEnd end)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            else if (socket.State == WebSocketState.Open)
                await socket.CloseOutputAsync((WebSocketCloseStatus)(int)end, Sentence(end), patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // Nobody is left.
        }
    }

    private static string Sentence(LiveEnd end) => end switch
    {
        LiveEnd.LoginEnded => "Your login has ended. Log in again.",
        LiveEnd.TooSlow => "Too slow; connect again with your last id.",
        _ => "The server stops; connect again.",
    };

    private static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
