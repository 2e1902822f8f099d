using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>The whole server with a scripted display, a person with a running session, and what arrives at either end of its stream.</summary>
internal sealed class ProtectedStream : IAsyncDisposable
{
    private readonly HttpClient _user;
    private readonly ConcurrentQueue<(ClientMessage Message, byte[] Bytes)> _heard = new();

    private ProtectedStream(TestApp app, HttpClient admin, HttpClient user, string username, string session, RfbServer display)
    {
        (App, Admin, _user, Username, Session, Display) = (app, admin, user, username, session, display);
        display.Received = (message, bytes) => _heard.Enqueue((message, bytes.ToArray()));
    }

    public TestApp App { get; }

    public HttpClient Admin { get; }

    public string Username { get; }

    public string Session { get; }

    public RfbServer Display { get; }

    /// <summary>Id of the viewer that <see cref="ViewAsync"/> opened last.</summary>
    public string? LastViewer { get; private set; }

    /// <summary>Texts that arrived at the display, classic or provided.</summary>
    public IReadOnlyList<string> Pasted => [.. _heard.Where(h => h.Message.Type == 6).Select(h => Read(h.Bytes)).Where(c => c.Text is not null).Select(c => c.Text!)];

    public IReadOnlyList<CutText> CutTexts => [.. _heard.Where(h => h.Message.Type == 6).Select(h => Read(h.Bytes))];

    public IReadOnlyList<ClientMessage> Heard => [.. _heard.Select(h => h.Message)];

    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public static async Task<ProtectedStream> StartAsync()
    {
        var runtime = new FakeRuntime();
        var app = await TestApp.StartAsync(options => options.Services = services => services.AddSingleton<ISessionRuntime>(runtime));
        var user = await app.UserAsync("ada");
        var session = (await (await user.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal" })).JsonAsync()).JsonString("id");
        await Eventually(async () => (await (await user.GetAsync($"/api/v1/sessions/{session}")).JsonAsync()).JsonString("phase") == "running");
        return new(app, await app.AdminAsync(), user, "ada", session, runtime.Display(SessionId.From(Guid.Parse(session))));
    }

    /// <summary>Makes a policy for everybody; answers its address.</summary>
    public async Task<string> PolicyAsync(object rules, string name = "Cards stay in", string severity = "high")
    {
        var answer = await Admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name, severity, apply_to = new { all = true }, rules });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    /// <summary>Id of the person whose session it is.</summary>
    public async Task<string> PersonAsync() => (await (await Admin.GetAsync($"/api/v1/users?search={Username}")).JsonAsync()).GetProperty("items")[0].JsonString("id");

    public async Task<JsonElement> TicketAsync() => await (await _user.PostAsJsonAsync($"/api/v1/sessions/{Session}/viewers", new { })).JsonAsync();

    public async Task<RfbClient> ViewAsync()
    {
        var ticket = await TicketAsync();
        LastViewer = ticket.JsonString("viewer_id");
        var url = ticket.JsonString("url");
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("binary");
        await socket.ConnectAsync(new Uri(new UriBuilder(App.Address) { Scheme = "ws" }.Uri, url), Soon);
        var client = await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true), null, Soon);
        await Eventually(() => Task.FromResult(Display.Connections > 0));
        return client;
    }

    /// <summary>Everything that was sent before has arrived at the display once this key has.</summary>
    public async Task SettleAsync(RfbClient viewer, uint key)
    {
        await viewer.KeyAsync(key, false, Soon);
        await Eventually(() => Task.FromResult(_heard.Any(h => h.Message.Type == 4 && h.Message.KeySym == key)));
    }

    /// <summary>What the viewer's clipboard is, once everything that the display sent before has arrived.</summary>
    public async Task<string?> CopiedAsync(RfbClient viewer)
    {
        Display.Send([ServerMessageType.Bell]);
        while (await viewer.ReadAsync(Soon) != ServerMessageType.Bell)
        {
        }

        return viewer.Clipboard;
    }

    public async Task<IReadOnlyList<JsonElement>> ViolationsAsync(int atLeast, string query = "")
    {
        IReadOnlyList<JsonElement> found = [];
        await Eventually(async () =>
        {
            found = [.. (await (await Admin.GetAsync($"/api/v1/dlp/violations?session={Session}&{query}")).JsonAsync()).GetProperty("items").EnumerateArray()];
            return found.Count >= atLeast;
        });
        return found;
    }

    /// <summary>The realtime socket of somebody, as the pages listen to it.</summary>
    public async Task<ClientWebSocket> ListenAsync(HttpClient? asWhom = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", (asWhom ?? _user).DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri(new UriBuilder(App.Address) { Scheme = "ws" }.Uri, "/api/v1/ws/sessions"), Soon);
        return socket;
    }

    public static async Task<JsonElement> HearAsync(ClientWebSocket socket, Func<JsonElement, bool> which, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            var message = JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer, 0, got.Count));
            if (which(message))
                return message;
        }
    }

    public static async Task Eventually(Func<Task<bool>> condition, double seconds = 15)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, "It did not happen in time.\n" + string.Join('\n', TestLog.Lines.TakeLast(5)));
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _user.Dispose();
        Admin.Dispose();
        await App.DisposeAsync();
    }

    private static CutText Read(byte[] message)
    {
        Assert.True(CutTextReader.TryRead(message, RfbLimits.Default, out var text, out var error), error.ToString());
        return text;
    }
}
