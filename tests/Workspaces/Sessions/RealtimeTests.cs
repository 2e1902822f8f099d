using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

public sealed class RealtimeTests : IAsyncLifetime
{
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task A_socket_tells_its_persons_sessions_and_nobody_elses_in_the_documented_envelope()
    {
        bed.Runtime.StepTime = TimeSpan.FromMilliseconds(60);
        using var ada = await bed.App.UserAsync("ada");
        using var eve = await bed.App.UserAsync("eve");
        using var admin = await bed.App.AdminAsync();
        using var adas = await OpenAsync(bed.App, ada);
        using var eves = await OpenAsync(bed.App, eve);
        using var all = await OpenAsync(bed.App, admin);
        var id = (await LaunchAsync(ada, new { template = "terminal", tags = new[] { "x" } })).GetProperty("id").GetString()!;

        var messages = await ReadUntilAsync(adas, m => m.GetProperty("type").GetString() == "session.started");
        Assert.Equal(["type", "sessionId", "userId", "timestamp", "data", "id"], messages[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("session.created", messages[0].GetProperty("type").GetString());
        Assert.All(messages, m => Assert.Equal(id, m.GetProperty("sessionId").GetString()));
        var data = messages[^1].GetProperty("data");
        Assert.Equal(("running", "running", "terminal", "ada"), (data.GetProperty("phase").GetString(), data.GetProperty("state").GetString(), data.GetProperty("template").GetString(), data.GetProperty("ownerName").GetString()));
        Assert.Contains(messages, m => m.GetProperty("type").GetString() == "session.progress" && m.GetProperty("data").GetProperty("progress").GetProperty("elapsedMs").GetInt64() >= 0);
        Assert.Contains(messages, m => m.GetProperty("type").GetString() == "session.state.changed" && m.GetProperty("data").GetProperty("before").GetString() == "pending");
        var positions = messages.Select(m => m.GetProperty("id").GetInt64()).ToArray();
        Assert.Equal(positions.Order().Distinct(), positions);
        Assert.Contains(await ReadUntilAsync(all, m => m.GetProperty("type").GetString() == "session.started"), m => m.GetProperty("sessionId").GetString() == id);

        // Eve hears of her own session next, and of nothing before it.
        var hers = (await LaunchAsync(eve)).GetProperty("id").GetString()!;
        Assert.Equal(hers, (await ReadUntilAsync(eves, _ => true))[0].GetProperty("sessionId").GetString());

        // Who comes back names the last id and gets what was missed, once.
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await UntilAsync(ada, id, "frozen");
        using var resumed = await OpenAsync(bed.App, ada, $"?since={positions[2]}");
        var missed = await ReadUntilAsync(resumed, m => m.GetProperty("type").GetString() == "session.frozen");
        Assert.Equal(positions[3..], missed.Take(positions.Length - 3).Select(m => m.GetProperty("id").GetInt64()));
        Assert.All(missed, m => Assert.Equal(id, m.GetProperty("sessionId").GetString()));
    }

    [Fact]
    public async Task A_socket_ends_within_a_second_of_its_login_and_refuses_foreign_pages()
    {
        using var ada = await bed.App.UserAsync("ada");
        using var socket = await OpenAsync(bed.App, ada);
        var watch = Stopwatch.StartNew();
        Assert.InRange((await SendAsync(ada, HttpMethod.Post, "/auth/logout", new { })).Status, 200, 204);
        var close = await socket.ReceiveAsync(new byte[100], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((WebSocketMessageType.Close, 4401), (close.MessageType, (int)socket.CloseStatus!.Value));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), watch.Elapsed.ToString());
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(bed.App, ada));

        using var eve = await bed.App.UserAsync("eve");
        var cookie = await CookieAsync("eve");
        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Cookie", cookie);
        foreign.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(UriOf(bed.App, ""), CancellationToken.None));
        using var own = new ClientWebSocket();
        own.Options.SetRequestHeader("Cookie", cookie);
        own.Options.SetRequestHeader("Origin", bed.App.Address.GetLeftPart(UriPartial.Authority));
        await own.ConnectAsync(UriOf(bed.App, ""), CancellationToken.None);
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Fact]
    public async Task A_socket_of_another_replica_hears_of_it_too_and_one_may_not_follow_what_one_may_not_see()
    {
        await using var second = await StartAsync(o => o.Database = bed.App.Database, bed.Runtime);
        using var ada = await bed.App.UserAsync("ada");
        using var eve = await bed.App.UserAsync("eve");
        using var there = await second.App.LoginAsync("ada");
        using var socket = await OpenAsync(second.App, there);
        var id = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        await ReadUntilAsync(socket, m => m.GetProperty("type").GetString() == "session.started");
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(bed.App, eve, $"?session_id={id}"));
        using var one = await OpenAsync(bed.App, ada, $"?session_id={id}");
        await LaunchAsync(ada);
        await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { tags = new[] { "a" } });
        Assert.All(await ReadUntilAsync(one, m => m.GetProperty("type").GetString() == "session.tags.updated"), m => Assert.Equal(id, m.GetProperty("sessionId").GetString()));
    }

    [Fact]
    public async Task From_commit_to_message_it_takes_some_milliseconds()
    {
        var (ada, id) = await bed.RunningAsync();
        using var socket = await OpenAsync(bed.App, ada);
        var events = bed.App.Services.GetRequiredService<IEventLog>();
        await using var scope = bed.App.Services.CreateAsyncScope();
        var session = (await scope.ServiceProvider.GetRequiredService<SessionsDb>().Sessions.FindAsync(IdOf(id)))!.Now();
        var times = new List<double>();
        for (var i = 0; i < 300; i++)
        {
            await events.AppendAsync([new SessionHeartbeat(session, session.Owner)], CancellationToken.None);
            var committed = Stopwatch.GetTimestamp();
            await ReadUntilAsync(socket, m => m.GetProperty("type").GetString() == "session.heartbeat");
            times.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine($"commit to message: p50 {times[150]:0.00} ms, p99 {times[296]:0.00} ms");
        // The bar of 10 ms at p99 is measured by bench/ on a quiet machine; here other tests run beside.
        Assert.True(times[150] < 10, $"p50 {times[150]} ms");
    }

    internal static async Task<ClientWebSocket> OpenAsync(TestApp app, HttpClient user, string query = "")
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", user.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(UriOf(app, query), CancellationToken.None);
        return socket;
    }

    internal static async Task<List<JsonElement>> ReadUntilAsync(ClientWebSocket socket, Func<JsonElement, bool> last)
    {
        var messages = new List<JsonElement>();
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var length = 0;
            WebSocketReceiveResult got;
            do
            {
                got = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), patience.Token);
                length += got.Count;
            }
            while (!got.EndOfMessage);
            Assert.Equal(WebSocketMessageType.Text, got.MessageType);
            messages.Add(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer, 0, length)));
            if (last(messages[^1]))
                return messages;
        }
    }

    private static Uri UriOf(TestApp app, string query) => new UriBuilder(app.Address) { Scheme = "ws", Path = "/api/v1/ws/sessions", Query = query }.Uri;

    private async Task<string> CookieAsync(string username)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = System.Net.Http.Json.JsonContent.Create(new { username, password = TestApp.Password }) };
        request.Headers.Add("X-StreamSpace-Client", "web");
        using var answer = await bed.App.Anonymous.SendAsync(request);
        return string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
    }
}
