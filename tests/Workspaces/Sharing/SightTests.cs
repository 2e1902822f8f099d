using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;
using static StreamSpace.Workspaces.Tests.Sharing.SharingBed;

namespace StreamSpace.Workspaces.Tests.Sharing;

public sealed class SightTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync(o =>
    {
        var before = o.Services;
        o.Services = services =>
        {
            before?.Invoke(services);
            services.AddSingleton<TimeProvider>(clock);
        };
    });

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task A_share_shows_the_session_and_nothing_else_of_its_owners()
    {
        var (ada, id) = await bed.RunningAsync(request: new { template = "terminal", env = new Dictionary<string, string> { ["TOKEN"] = "secret" } });
        var hidden = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        using var bob = await bed.App.UserAsync("bob");
        using var eve = await bed.App.UserAsync("eve");
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Get, $"/sessions/{id}")).Status);
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/viewers", new { })).Status);
        Assert.Empty(await SessionsOfAsync(bob, "/shared-sessions"));

        var share = await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "1h", note = "look" });
        Assert.Equal([id], await SessionsOfAsync(bob));
        Assert.Equal([id], await SessionsOfAsync(bob, "/shared-sessions"));
        Assert.Empty(await SessionsOfAsync(bob, "/sessions?owner=me"));
        Assert.Empty(await SessionsOfAsync(ada, "/shared-sessions"));
        Assert.Equal(2, (await SessionsOfAsync(ada)).Length);
        var seen = await GetAsync(bob, $"/sessions/{id}");
        Assert.Equal((true, false, false, "view"), Rights(seen));
        Assert.Equal(("ada", "view", "look", share.GetProperty("id").GetString()), (seen.GetProperty("owner").GetProperty("username").GetString(), At(seen, "share", "level"), At(seen, "share", "note"), At(seen, "share", "id")));
        Assert.Empty(seen.GetProperty("env").EnumerateObject()); // what the owner gave the session is not the guest's to read
        Assert.NotEmpty((await GetAsync(ada, $"/sessions/{id}")).GetProperty("env").EnumerateObject());
        Assert.Equal(JsonValueKind.Null, (await GetAsync(ada, $"/sessions/{id}")).GetProperty("share").ValueKind);
        await GetAsync(bob, $"/sessions/{id}/connect");
        await GetAsync(bob, $"/sessions/{id}/viewers");
        Assert.Contains((await bob.GetAsync($"/api/v1/sessions/{id}/thumbnail")).StatusCode, new[] { System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.NoContent });

        foreach (var path in new[] { "activity", "activity/timeline", "idle", "usage", "logs", "processes" })
            Assert.Equal((path, 403), (path, (await SendAsync(bob, HttpMethod.Get, $"/sessions/{id}/{path}")).Status));
        foreach (var verb in new[] { "start", "wake", "stop", "hibernate", "freeze", "restart", "heartbeat", "recordings/start", "probe" })
            Assert.Equal((verb, 403), (verb, (await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/{verb}")).Status));
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Patch, $"/sessions/{id}", new { name = "mine" })).Status);
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Patch, $"/sessions/{id}/tags", new { tags = new[] { "x" } })).Status);
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Delete, $"/sessions/{id}")).Status);
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Get, $"/console/files/{id}?path=/home")).Status);
        // That it is recorded they are told, what was recorded they do not see.
        Assert.False(seen.GetProperty("share").GetProperty("recorded").GetBoolean());
        Assert.Equal(201, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/recordings/start")).Status);
        Assert.True((await GetAsync(bob, $"/sessions/{id}")).GetProperty("share").GetProperty("recorded").GetBoolean());
        Assert.Empty((await GetAsync(bob, $"/recordings?session={id}")).GetProperty("items").EnumerateArray());
        await ShareAsync(ada, id, new { username = "bob", level = "control" }, 200);
        Assert.Equal((true, true, false, "control"), Rights(await GetAsync(bob, $"/sessions/{id}")));
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/hibernate")).Status);
        Assert.Equal(403, (await SendAsync(bob, HttpMethod.Get, $"/console/files/{id}?path=/home")).Status);

        // One session is shared, with one person.
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Get, $"/sessions/{hidden}")).Status);
        Assert.Equal(404, (await SendAsync(eve, HttpMethod.Get, $"/sessions/{id}")).Status);
        Assert.Empty(await SessionsOfAsync(eve));
        Assert.Empty(await SessionsOfAsync(eve, "/shared-sessions"));

        await EndAsync(ada, id, share);
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Get, $"/sessions/{id}")).Status);
        Assert.Empty(await SessionsOfAsync(bob));
    }

    [Fact]
    public async Task A_person_with_more_rights_keeps_them_and_a_share_adds_the_display_to_an_auditors()
    {
        var (ada, id) = await bed.RunningAsync();
        using var auditor = await bed.App.UserAsync("otto", "auditor");
        using var admin = await bed.App.AdminAsync();
        Assert.Equal(403, (await SendAsync(auditor, HttpMethod.Post, $"/sessions/{id}/viewers", new { })).Status);
        var share = await ShareAsync(ada, id, new { username = "otto", level = "collaborate" });
        await ShareAsync(ada, id, new { username = "admin", level = "view" });
        Assert.Equal((true, false, false, "collaborate"), Rights(await GetAsync(auditor, $"/sessions/{id}")));
        Assert.Equal((true, true, true, "control"), Rights(await GetAsync(admin, $"/sessions/{id}")));
        Assert.Equal("collaborate", (await SendAsync(auditor, HttpMethod.Post, $"/sessions/{id}/viewers", new { })).Body.GetProperty("level").GetString());
        await GetAsync(auditor, $"/sessions/{id}/activity");
        Assert.Equal(403, (await SendAsync(auditor, HttpMethod.Get, $"/sessions/{id}/logs")).Status);
        await EndAsync(ada, id, share);
        Assert.Equal(403, (await SendAsync(auditor, HttpMethod.Post, $"/sessions/{id}/viewers", new { })).Status);
        await GetAsync(auditor, $"/sessions/{id}");
    }

    [Fact]
    public async Task A_right_is_over_by_the_clock_whether_anything_swept_it_or_not()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        var grants = bed.App.Services.GetRequiredService<ISessionGrants>();
        await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "10m" });
        var user = StreamSpace.Contracts.UserId.From(Guid.Parse((await GetAsync(bob, "/auth/me")).GetProperty("user").GetProperty("id").GetString()!));
        Assert.NotNull(await grants.FindAsync(IdOf(id), user, default));
        // The end is far off by the clock that the sweep waits on; the right looks at the time of day.
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(await grants.FindAsync(IdOf(id), user, default));
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Get, $"/sessions/{id}")).Status);
        Assert.Empty(await SessionsOfAsync(bob, "/shared-sessions"));
        Assert.Empty((await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray());
        Assert.NotEqual(JsonValueKind.Undefined, (await ShareAsync(ada, id, new { username = "bob", level = "view" })).ValueKind); // a new one, not the old one back
    }

    [Fact]
    public async Task A_share_ends_with_its_session_its_person_and_an_administrators_lock_but_not_with_failed_logins()
    {
        var (ada, id) = await bed.RunningAsync();
        var second = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        await UntilAsync(ada, second, "running");
        using var admin = await bed.App.AdminAsync();
        foreach (var name in new[] { "bob", "cleo", "dora" })
        {
            using var person = await bed.App.UserAsync(name);
            await ShareAsync(ada, id, new { username = name, level = "view" });
        }

        await ShareAsync(ada, second, new { username = "dora", level = "view" });
        var people = (await GetAsync(admin, "/users?limit=200")).GetProperty("items").EnumerateArray().ToDictionary(u => u.GetProperty("username").GetString()!, u => u.GetProperty("id").GetString()!);
        await SendAsync(admin, HttpMethod.Post, $"/users/{people["bob"]}/lock", new { reason = "test" });
        Assert.InRange((await SendAsync(admin, HttpMethod.Delete, $"/users/{people["cleo"]}")).Status, 200, 204);
        for (var i = 0; i < 12; i++)
            await SendAsync(bed.App.Anonymous, HttpMethod.Post, "/auth/login", new { username = "dora", password = "wrong wrong wrong" });
        await EventuallyAsync(async () => (await NamesAsync(id)).SequenceEqual(["dora"]), "only dora's share is left");
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{id}");
        await UntilAsync(ada, id, "terminated");
        await EventuallyAsync(async () => (await NamesAsync(id)).Length == 0, "the ended session is shared with nobody");
        Assert.Equal(["dora"], await NamesAsync(second));
        await EventuallyAsync(
            async () => (await GetAsync(ada, $"/sessions/{id}/activity?type=session.unshared")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("data").GetProperty("cause").GetString()!).Order()
                .SequenceEqual(["person_deleted", "person_locked", "session_ended"]), "each end is told with its cause");

        async Task<string[]> NamesAsync(string session) =>
            [.. (await GetAsync(ada, $"/sessions/{session}/shares")).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("user").GetProperty("username").GetString()!)];
    }

    [Fact]
    public async Task A_socket_follows_shared_sessions_from_the_share_to_its_end_and_hears_what_lookers_may()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        using var eve = await bed.App.UserAsync("eve");
        using var bobs = await RealtimeTests.OpenAsync(bed.App, bob);
        using var eves = await RealtimeTests.OpenAsync(bed.App, eve);
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze"); // before: not his to hear
        await UntilAsync(ada, id, "frozen");
        var share = await ShareAsync(ada, id, new { username = "bob", level = "view" });
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/activity/log", new { type = "note", category = "state", message = "between us" });
        await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}/tags", new { tags = new[] { "private" } });
        await ShareAsync(ada, id, new { username = "eve", level = "view" });
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/wake");
        await UntilAsync(ada, id, "running");
        var heard = await RealtimeTests.ReadUntilAsync(bobs, m => TypeOf(m) is "session.woken" or "session.thawed");
        Assert.Equal("session.shared", TypeOf(heard[0]));
        Assert.Equal(share.GetProperty("id").GetString(), heard[0].GetProperty("data").GetProperty("share").GetString());
        Assert.All(heard, m => Assert.Equal(id, m.GetProperty("sessionId").GetString()));
        Assert.DoesNotContain(heard, m => TypeOf(m) is "session.activity.logged" or "session.tags.updated" or "session.created" or "session.frozen");
        Assert.Single(heard, m => TypeOf(m) == "session.shared"); // not whom else it is shared with
        Assert.Contains(heard, m => TypeOf(m) == "session.state.changed");

        await EndAsync(ada, id, share);
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await UntilAsync(ada, id, "frozen");
        var own = (await LaunchAsync(bob)).GetProperty("id").GetString()!;
        var after = await RealtimeTests.ReadUntilAsync(bobs, m => m.GetProperty("sessionId").GetString() == own);
        Assert.Equal("session.unshared", TypeOf(after.Last(m => m.GetProperty("sessionId").GetString() == id))); // and nothing after it
        await RealtimeTests.ReadUntilAsync(eves, m => TypeOf(m) == "session.frozen"); // hers goes on

        // Who comes back with an older position hears nothing of what was before their share.
        using var late = await RealtimeTests.OpenAsync(bed.App, eve, "?since=1");
        var caught = await RealtimeTests.ReadUntilAsync(late, m => TypeOf(m) == "session.frozen");
        Assert.Equal("session.shared", TypeOf(caught[0]));
    }

    private static string TypeOf(JsonElement message) => message.GetProperty("type").GetString()!;

    private static string? At(JsonElement element, string outer, string inner) => element.GetProperty(outer).GetProperty(inner).GetString();

    private static (bool, bool, bool, string?) Rights(JsonElement session)
    {
        var rights = session.GetProperty("permissions");
        return (rights.GetProperty("view").GetBoolean(), rights.GetProperty("control").GetBoolean(), rights.GetProperty("manage").GetBoolean(), rights.GetProperty("level").GetString());
    }
}
