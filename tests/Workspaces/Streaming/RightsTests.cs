using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class RightsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ClientMessage> _heard = new();
    private StreamHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await StreamHost.StartAsync();
        _host.Runtime.Display!.Received = (message, _) => _heard.Enqueue(message);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Losing_the_share_cuts_the_viewer_within_a_second()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        await using var viewer = await _host.ViewAsync(guest, session);
        await using var own = await _host.ViewAsync(owner, session);
        _host.House.Shares.TryRemove((session.Id, guest.User), out _);
        await Within(TimeSpan.FromSeconds(1), viewer, () => _host.TellAsync(session, "session.unshared"), 4403);
        await own.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
    }

    [Fact]
    public async Task Ending_the_login_cuts_its_viewers_within_a_second_and_no_others()
    {
        var owner = _host.House.Person("ada");
        var elsewhere = owner with { Login = Contracts.LoginId.New() };
        _host.House.Logins[elsewhere.Login] = elsewhere;
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        await using var other = await _host.ViewAsync(elsewhere, session);
        _host.House.Logins.TryRemove(owner.Login, out _);
        await Within(TimeSpan.FromSeconds(1), viewer, () => _host.Get<IEventLog>().AppendAsync([new LoginEnded(owner.User, owner.Login, LoginEnd.LoggedOut)], StreamHost.Soon), 4401);
        await other.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
    }

    [Fact]
    public async Task The_sessions_end_is_the_viewers_end()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        await Within(TimeSpan.FromSeconds(1), viewer, () => _host.PhaseAsync(session, SessionPhase.Terminated), 4404);
    }

    [Fact]
    public async Task A_viewer_that_does_not_read_is_cut_as_well()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        _host.Runtime.Display = new Rfb.Ends.RfbServer(1600, 1200);
        await using var viewer = await _host.ViewAsync(owner, session);
        for (var i = 0; i < 10; i++)
            await viewer.Rfb.RequestAsync(incremental: false, StreamHost.Soon);
        await Task.Delay(300); // its socket is full by now
        await _host.PhaseAsync(session, SessionPhase.Terminated);
        var watch = Stopwatch.StartNew();
        await ProxyTests.Eventually(() => _host.Runtime.Display.Connections == 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_viewer_that_is_busy_when_it_ends_types_no_more_and_still_learns_why()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.Control;
        _host.Runtime.Display = new Rfb.Ends.RfbServer(32, 20) { Received = (message, _) => _heard.Enqueue(message) }; // unread pictures fit into the socket
        await using var viewer = await _host.ViewAsync(guest, session);
        await DecidedKeyAsync(viewer, '1');
        using var asOwner = _host.As(owner);
        Assert.Equal(HttpStatusCode.NoContent, (await asOwner.DeleteAsync($"/api/v1/sessions/{session.Id}/viewers/{viewer.Id}")).StatusCode);
        await Task.Delay(1000); // its page reads nothing meanwhile, and then goes on as if nothing were
        for (var i = 0; i < 3; i++)
        {
            await viewer.Rfb.KeyAsync('2', true, StreamHost.Soon);
            await Task.Delay(100);
        }

        Assert.Equal(4403, (await viewer.ClosedAsync()).Code);
        Assert.Contains(_heard, m => m.KeySym == '1');
        Assert.DoesNotContain(_heard, m => m.KeySym == '2');
    }

    [Fact]
    public async Task A_level_that_changes_is_applied_to_the_open_socket()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.Collaborate;
        await using var viewer = await _host.ViewAsync(guest, session, "collaborate");
        await viewer.Rfb.KeyAsync('1', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.KeySym == '1'));
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        await _host.TellAsync(session, "session.shared");
        await ProxyTests.Eventually(async () => (await ListAsync(owner, session))[0].GetProperty("level").GetString() == "view");
        await DecidedKeyAsync(viewer, '2');
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.Control;
        await _host.TellAsync(session, "session.shared");
        await ProxyTests.Eventually(async () => (await ListAsync(owner, session))[0].GetProperty("level").GetString() == "collaborate"); // never more than asked for
        await viewer.Rfb.KeyAsync('3', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.KeySym == '3'));
        Assert.DoesNotContain(_heard, m => m.KeySym == '2');
    }

    [Fact]
    public async Task Who_named_no_level_follows_their_right_up_as_well_and_any_replica_says_so_at_once()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        await using var viewer = await _host.ViewAsync(guest, session);
        await DecidedKeyAsync(viewer, '1');
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.Control;
        await _host.TellAsync(session, "session.shared");
        await ProxyTests.Eventually(async () => (await ListAsync(owner, session))[0].GetProperty("level").GetString() == "control");
        using var asGuest = _host.As(guest);
        var now = await asGuest.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session.Id}/viewers/{viewer.Id}/policy");
        Assert.Equal(("control", true), (now.GetProperty("level").GetString(), now.GetProperty("policy").GetProperty("keyboard").GetBoolean()));
        await viewer.Rfb.KeyAsync('2', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.KeySym == '2'));
        Assert.DoesNotContain(_heard, m => m.KeySym == '1');
    }

    [Fact]
    public async Task Owner_and_self_may_drop_a_viewer_a_guest_may_not_drop_the_owner()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        await using var mine = await _host.ViewAsync(owner, session);
        await using var theirs = await _host.ViewAsync(guest, session);
        using var asGuest = _host.As(guest);
        using var asOwner = _host.As(owner);
        Assert.Equal(HttpStatusCode.Forbidden, (await asGuest.DeleteAsync($"/api/v1/sessions/{session.Id}/viewers/{mine.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await asOwner.DeleteAsync($"/api/v1/sessions/{session.Id}/viewers/{Contracts.ViewerId.New()}")).StatusCode);
        await Within(TimeSpan.FromSeconds(1), theirs, async () => Assert.Equal(HttpStatusCode.NoContent, (await asOwner.DeleteAsync($"/api/v1/sessions/{session.Id}/viewers/{theirs.Id}")).StatusCode), 4403);
        var answer = await asOwner.PostAsync($"/api/v1/sessions/{session.Id}/disconnect", null);
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("viewers").GetInt32());
        Assert.Equal(1000, (await mine.ClosedAsync()).Code);
    }

    [Fact]
    public async Task The_list_tells_who_looks_and_from_where_only_to_those_who_manage()
    {
        var (owner, guest) = (_host.House.Person("ada"), _host.House.Person("bob"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, guest.User)] = AccessLevel.View;
        await using var mine = await _host.ViewAsync(owner, session);
        await mine.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
        var item = Assert.Single(await ListAsync(owner, session));
        Assert.Equal(("ada", "control", "127.0.0.1", false), (item.GetProperty("user").GetProperty("username").GetString(), item.GetProperty("level").GetString(), item.GetProperty("address").GetString(), item.GetProperty("held").GetBoolean()));
        Assert.True(item.GetProperty("bytes_out").GetInt64() > 320 * 200 * 4);
        Assert.True(item.GetProperty("bytes_in").GetInt64() > 20);
        Assert.Equal("", Assert.Single(await ListAsync(guest, session)).GetProperty("address").GetString());
    }

    [Fact]
    public async Task Coming_and_going_are_events_with_who_and_how_many()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using (await _host.ViewAsync(owner, session))
        await using (await _host.ViewAsync(owner, session))
        {
        }
        await using var command = _host.Get<Npgsql.NpgsqlDataSource>().CreateCommand("select type || ' ' || (data->>'viewers') || ' ' || actor_name from kernel.events where type like 'session.%connected' order by position");
        await ProxyTests.Eventually(async () => (await Rows(command)).Count == 4);
        Assert.Equal(["session.connected 1 ada", "session.connected 2 ada", "session.disconnected 1 ada", "session.disconnected 0 ada"], await Rows(command));
    }

    [Fact]
    public async Task Another_replica_accepts_the_ticket_lists_the_viewer_and_drops_it()
    {
        await using var other = await StreamHost.StartAsync(replicaOf: _host);
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var (url, id) = await _host.TicketAsync(owner, session);
        using var socket = await other.SocketAsync(url); // asked here, used there
        await ProxyTests.Eventually(async () => (await ListAsync(owner, session)).Count == 1);
        using var asOwner = _host.As(owner);
        await asOwner.DeleteAsync($"/api/v1/sessions/{session.Id}/viewers/{id}");
        var buffer = new byte[64];
        while (socket.CloseStatus is null)
            await socket.ReceiveAsync(buffer, StreamHost.Soon);
        Assert.Equal(4403, (int)socket.CloseStatus);
    }

    [Fact]
    public async Task What_a_dead_replica_leaves_behind_is_cleared_and_told()
    {
        await using var host = await StreamHost.StartAsync(settings: new() { ["Streaming:ReplicaSilentFor"] = "00:00:05" });
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        await using (var insert = host.Get<Npgsql.NpgsqlDataSource>().CreateCommand(
            "insert into streaming.viewers(id, session_id, owner_id, user_id, login_id, username, display_name, level, address, instance, connected_at, seen_at) " +
            $"values (gen_random_uuid(), '{session.Id}', '{owner.User}', '{owner.User}', '{owner.Login}', 'ada', 'ada', 'view', '', 'dead', now() - interval '1 hour', now() - interval '6 seconds')"))
            await insert.ExecuteNonQueryAsync();
        Assert.Empty(await host.Get<Contracts.Streaming.IViewerCounts>().CountAsync([session.Id], StreamHost.Soon)); // it counts no more even before
        await using var told = host.Get<Npgsql.NpgsqlDataSource>().CreateCommand("select count(*) from kernel.events where type = 'session.disconnected' and data->>'reason' = 'server_stopped'");
        for (var i = 0; i < 150 && (long)(await told.ExecuteScalarAsync())! == 0; i++)
            await Task.Delay(100);
        Assert.Equal(1L, await told.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        var host = await StreamHost.StartAsync();
        var owner = host.House.Person("ada");
        await using var viewer = await host.ViewAsync(owner, host.House.Session(owner));
        var closed = viewer.ClosedAsync();
        var watch = Stopwatch.StartNew();
        await host.DisposeAsync();
        Assert.Equal(1001, (await closed).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    private static async Task Within(TimeSpan most, TestViewer viewer, Func<Task> act, int code)
    {
        var closed = viewer.ClosedAsync();
        await Task.Delay(50);
        var watch = Stopwatch.StartNew();
        await act();
        Assert.Equal(code, (await closed).Code);
        Assert.True(watch.Elapsed < most, $"took {watch.Elapsed}");
    }

    /// <summary>Presses a key and waits until it was let through or not: the request behind it has reached the display by then.</summary>
    private async Task DecidedKeyAsync(TestViewer viewer, char key)
    {
        var before = Requests();
        await viewer.Rfb.KeyAsync(key, true, StreamHost.Soon);
        await viewer.Rfb.RequestAsync(incremental: true, StreamHost.Soon);
        await ProxyTests.Eventually(() => Requests() > before);

        int Requests() => _heard.Count(m => m.Type == ClientMessageType.FramebufferUpdateRequest);
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(LoginFacts person, SessionFacts session)
    {
        using var client = _host.As(person);
        var body = await client.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session.Id}/viewers");
        return [.. body.GetProperty("items").EnumerateArray()];
    }

    private static async Task<List<string>> Rows(Npgsql.NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
