using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Streaming.Tickets;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class TicketTests : IAsyncLifetime
{
    private StreamHost _host = null!;

    public async Task InitializeAsync() => _host = await StreamHost.StartAsync(settings: new() { ["Streaming:MaxViewersPerSession"] = "2" });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_answer_says_what_the_viewer_needs()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var answer = await _host.AskAsync(owner, session, "editor"); // an alias
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("collaborate", body.GetProperty("level").GetString());
        Assert.Equal($"/api/v1/sessions/{session.Id}/stream?ticket={body.GetProperty("ticket").GetString()}", body.GetProperty("url").GetString());
        Assert.Equal((true, false), (body.GetProperty("policy").GetProperty("keyboard").GetBoolean(), body.GetProperty("policy").GetProperty("clipboard_in").GetBoolean()));
        Assert.InRange(body.GetProperty("expires_at").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task A_ticket_opens_once_even_when_two_try_at_the_same_moment()
    {
        var owner = _host.House.Person("ada");
        var (url, _) = await _host.TicketAsync(owner, _host.House.Session(owner));
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                using var socket = await _host.SocketAsync(url);
                return 101;
            }
            catch (RefusedUpgrade e)
            {
                return e.Status;
            }
        }));
        Assert.Equal(1, tries.Count(t => t == 101));
        Assert.Equal(7, tries.Count(t => t == 403));
    }

    [Fact]
    public async Task An_expired_a_foreign_a_made_up_and_a_missing_ticket_are_refused_alike()
    {
        var owner = _host.House.Person("ada");
        var (session, other) = (_host.House.Session(owner), _host.House.Session(owner));
        var (url, _) = await _host.TicketAsync(owner, session);
        var secret = url.Split('=')[1];
        Assert.Equal(403, await Refused($"/api/v1/sessions/{other.Id}/stream?ticket={secret}"));
        Assert.Equal(403, await Refused($"/api/v1/sessions/{session.Id}/stream?ticket={new string('A', 43)}"));
        Assert.Equal(403, await Refused($"/api/v1/sessions/{session.Id}/stream?ticket={secret}%00"));
        Assert.Equal(403, await Refused($"/api/v1/sessions/{session.Id}/stream"));
        var (ticket, expired) = Ticket.Issue(session.Id, owner.User, owner.Login, AccessLevel.Control, DateTimeOffset.UtcNow.AddSeconds(-31), TimeSpan.FromSeconds(30));
        Assert.NotNull(ticket.Refuse(new SessionRef(session.Id, null), DateTimeOffset.UtcNow));
        Assert.Equal(403, await Refused($"/api/v1/sessions/{session.Id}/stream?ticket={expired}"));
        using var works = await _host.SocketAsync(url); // none of the tries above used it up
    }

    [Fact]
    public async Task A_ticket_that_lay_too_long_opens_nothing_and_one_that_did_not_does()
    {
        await using var host = await StreamHost.StartAsync(settings: new() { ["Streaming:TicketLifetime"] = "00:00:02" });
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        var (late, _) = await host.TicketAsync(owner, session);
        await Task.Delay(2200);
        var (fresh, _) = await host.TicketAsync(owner, session);
        Assert.Equal(403, (await Assert.ThrowsAsync<RefusedUpgrade>(() => host.SocketAsync(late))).Status);
        using var works = await host.SocketAsync(fresh);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_open_the_stream()
    {
        var owner = _host.House.Person("ada");
        var (url, _) = await _host.TicketAsync(owner, _host.House.Session(owner));
        foreach (var origin in new[] { "https://evil.example", "null", $"http://127.0.0.1:{_host.Address.Port + 1}", $"http://127.0.0.1.evil.example:{_host.Address.Port}" })
            Assert.Equal(403, (await Assert.ThrowsAsync<RefusedUpgrade>(() => _host.SocketAsync(url, origin))).Status);
        using var own = await _host.SocketAsync(url, $"http://127.0.0.1:{_host.Address.Port}");
    }

    [Fact]
    public async Task A_plain_request_is_told_what_is_expected()
    {
        var owner = _host.House.Person("ada");
        var (url, _) = await _host.TicketAsync(owner, _host.House.Session(owner));
        var answer = await _host.As(owner).GetAsync(new Uri(url, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("WEBSOCKET_NEEDED", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nobody_gets_more_than_their_level_and_strangers_learn_nothing()
    {
        var (owner, guest, stranger) = (_host.House.Person("ada"), _host.House.Person("bob"), _host.House.Person("eve"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.AskAsync(guest, session, "control")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _host.AskAsync(guest, session)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.AskAsync(stranger, session)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.AskAsync(owner, session, "god")).StatusCode);
        using var nobody = new HttpClient { BaseAddress = _host.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsJsonAsync($"/api/v1/sessions/{session.Id}/viewers", new { })).StatusCode);
    }

    [Fact]
    public async Task Asking_for_a_ticket_wakes_a_session_that_sleeps_and_not_one_that_runs()
    {
        var owner = _host.House.Person("ada");
        await _host.TicketAsync(owner, _host.House.Session(owner));
        Assert.Empty(_host.House.Woken);
        await _host.TicketAsync(owner, _host.House.Session(owner, SessionPhase.Hibernated));
        Assert.Equal((WakeCause.Connect, owner.User), Assert.Single(_host.House.Woken));
        _host.House.Answer = WakeAnswer.Failed;
        var failed = await _host.AskAsync(owner, _host.House.Session(owner, SessionPhase.Failed));
        Assert.Equal(HttpStatusCode.Conflict, failed.StatusCode);
        Assert.Contains("SESSION_FAILED", await failed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await _host.AskAsync(owner, _host.House.Session(owner, SessionPhase.Terminated))).StatusCode);
    }

    [Fact]
    public async Task The_last_place_is_given_once()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var urls = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _host.TicketAsync(owner, session)));
        var sockets = await Task.WhenAll(urls.Select(u => _host.SocketAsync(u.Url)));
        var codes = await Task.WhenAll(sockets.Select(async socket =>
        {
            var first = await socket.ReceiveAsync(new byte[64], StreamHost.Soon);
            return (int?)first.CloseStatus ?? 0;
        }));
        Assert.Equal((2, 4), (codes.Count(c => c == 0), codes.Count(c => c == 4429)));
        var late = await _host.AskAsync(owner, session);
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.Equal("10", late.Headers.GetValues("Retry-After").Single());
        foreach (var socket in sockets)
            socket.Dispose();
    }

    [Fact]
    public async Task A_ticket_never_stands_in_a_log_the_database_or_an_idempotent_answer()
    {
        var lines = new Lines();
        await using var host = await StreamHost.StartAsync(logging: logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        using var client = host.As(owner);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var secrets = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.PostAsJsonAsync($"/api/v1/sessions/{session.Id}/viewers", new { });
            secrets.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!);
        }
        Assert.NotEqual(secrets[0], secrets[1]);
        using (await host.SocketAsync($"/api/v1/sessions/{session.Id}/stream?ticket={secrets[0]}"))
        {
        }
        await ProxyTests.Eventually(() => lines.All.Any(line => line.Contains("/stream", StringComparison.Ordinal))); // logged when it is over
        await using var command = host.Get<Npgsql.NpgsqlDataSource>().CreateCommand("select coalesce(string_agg(t::text, ' '), '') from (select tickets::text t from streaming.tickets union all select convert_from(body, 'utf8') from kernel.idempotency_keys) all_of_it");
        var stored = (string)(await command.ExecuteScalarAsync())!;
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, stored);
            Assert.DoesNotContain(lines.All, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private async Task<int> Refused(string url) => (await Assert.ThrowsAsync<RefusedUpgrade>(() => _host.SocketAsync(url))).Status;

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> All { get; } = new();

        // The framework's own lines below warning are switched off in the server: it would log whole addresses.
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft", StringComparison.Ordinal) ? new Warnings(this) : this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    private sealed class Warnings(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
