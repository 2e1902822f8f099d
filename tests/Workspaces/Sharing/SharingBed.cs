using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Rfb.Ends;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using StreamSpace.Workspaces.Tests.Streaming;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Workspaces.Tests.Sharing;

/// <summary>Short words for what tests of sharing do: the whole server, people with logins, viewers on its real proxy.</summary>
internal static class SharingBed
{
    public static async Task<JsonElement> ShareAsync(HttpClient by, string session, object request, int expected = 201)
    {
        var (status, body) = await SendAsync(by, HttpMethod.Post, $"/sessions/{session}/share", request);
        Assert.True(status == expected, $"{status} {body}");
        return body;
    }

    public static async Task EndAsync(HttpClient by, string session, JsonElement share, int expected = 204)
    {
        var (status, body) = await SendAsync(by, HttpMethod.Delete, $"/sessions/{session}/shares/{share.GetProperty("id").GetString()}");
        Assert.True(status == expected, $"{status} {body}");
    }

    public static string CodeOf(JsonElement problem) => problem.GetProperty("error").GetProperty("code").GetString()!;

    public static string FieldOf(JsonElement problem) => problem.GetProperty("error").GetProperty("details").GetProperty("field").GetString()!;

    public static async Task<string[]> SessionsOfAsync(HttpClient user, string path = "/sessions") =>
        [.. (await GetAsync(user, path)).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!)];

    /// <summary>A viewer through the door of a server: a ticket, its socket, and the RFB handshake.</summary>
    public static async Task<TestViewer> ViewAsync(TestApp app, HttpClient user, string session, string? level = null)
    {
        var (status, ticket) = await SendAsync(user, HttpMethod.Post, $"/sessions/{session}/viewers", level is null ? new { } : new { level });
        Assert.True(status == 200, $"{status} {ticket}");
        return await ConnectAsync(app, ticket);
    }

    public static async Task<ClientWebSocket> SocketAsync(TestApp app, JsonElement ticket)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("binary");
        await socket.ConnectAsync(new Uri(new UriBuilder(app.Address) { Scheme = "ws" }.Uri, ticket.GetProperty("url").GetString()!), StreamHost.Soon);
        return socket;
    }

    public static async Task<TestViewer> ConnectAsync(TestApp app, JsonElement ticket)
    {
        var socket = await SocketAsync(app, ticket);
        var rfb = await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false), null, StreamHost.Soon);
        return new(ViewerId.From(ticket.GetProperty("viewer_id").GetGuid()), socket, rfb);
    }

    /// <summary>Does something that must cut the viewer, and measures from its answer until the close has arrived.</summary>
    public static async Task CutAsync(TestViewer viewer, Func<Task> act)
    {
        var closed = viewer.ClosedAsync();
        await Task.Delay(50);
        await act();
        var watch = Stopwatch.StartNew();
        var (code, sentence) = await closed;
        Assert.Equal((4403, "This session is no longer shared with you."), (code, sentence));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"took {watch.Elapsed}");
    }
}
