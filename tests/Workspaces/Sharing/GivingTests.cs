using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Sessions.Tests;
using StreamSpace.Sharing.Shares;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;
using static StreamSpace.Workspaces.Tests.Sharing.SharingBed;

namespace StreamSpace.Workspaces.Tests.Sharing;

public sealed class GivingTests : IAsyncLifetime
{
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task The_owner_shares_by_name_id_or_address_and_what_is_said_last_counts_as_a_whole()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        using var admin = await bed.App.AdminAsync();
        var (_, made) = await SendAsync(admin, HttpMethod.Post, "/users", new { username = "cleo", email = "Cleo@Example.org", password = TestApp.Password });
        var first = await ShareAsync(ada, id, new { username = "Bob", level = "viewer", expires_in = "2h", note = "  have a look " });
        Assert.Equal(("view", "bob", "ada", "have a look"), (Text(first, "level"), first.GetProperty("user").GetProperty("username").GetString(), first.GetProperty("created_by").GetProperty("username").GetString(), Text(first, "note")));
        Assert.InRange(first.GetProperty("expires_at").GetDateTimeOffset() - first.GetProperty("created_at").GetDateTimeOffset(), TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(121));

        var again = await ShareAsync(ada, id, new { user_id = first.GetProperty("user").GetProperty("id").GetString(), level = "write" }, 200);
        Assert.Equal((Text(first, "id"), "collaborate", JsonValueKind.Null, JsonValueKind.Null), (Text(again, "id"), Text(again, "level"), again.GetProperty("expires_at").ValueKind, again.GetProperty("note").ValueKind));
        await ShareAsync(ada, id, new { username = "bob", level = "editor" }, 200);
        var at = DateTimeOffset.UtcNow.AddDays(3);
        Assert.Equal("control", Text(await ShareAsync(ada, id, new { username = "bob", level = "full", expires_at = at }, 200), "level"));
        await ShareAsync(ada, id, new { username = "bob", level = "control", expires_at = at }, 200);
        await ShareAsync(ada, id, new { email = "cleo@example.org", level = "view" });

        var listed = (await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["bob", "cleo"], listed.Select(s => s.GetProperty("user").GetProperty("username").GetString()));
        Assert.Equal(listed[1].GetProperty("id").GetString(), (await GetAsync(ada, $"/sessions/{id}/shares?limit=1&cursor={(await GetAsync(ada, $"/sessions/{id}/shares?limit=1")).GetProperty("next_cursor").GetString()}")).GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Single((await GetAsync(bob, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray()); // his own and nobody else's

        // What was said twice left one event; each change another, for who follows the session and in its history.
        await EventuallyAsync(async () => (await GetAsync(ada, $"/sessions/{id}/activity?category=access")).GetProperty("items").GetArrayLength() == 4, "four lines of history");
        var lines = (await GetAsync(ada, $"/sessions/{id}/activity?category=access")).GetProperty("items").EnumerateArray().Reverse().Select(l => Text(l, "message")).ToArray();
        Assert.Equal(["Shared with bob (view)", "Shared with bob (collaborate)", "Shared with bob (control)", "Shared with cleo (view)"], lines);

        await EndAsync(ada, id, first);
        await EndAsync(ada, id, first, 404);
        Assert.Single((await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Administrators_share_for_the_owner_and_the_person_may_leave()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob", "read_only");
        using var admin = await bed.App.AdminAsync();
        var share = await ShareAsync(admin, id, new { username = "bob", level = "view" });
        Assert.Equal("admin", (await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items")[0].GetProperty("created_by").GetProperty("username").GetString());
        await EndAsync(bob, id, share);
        Assert.Empty(await SessionsOfAsync(bob));
        await EndAsync(bob, id, share, 404);
        Assert.Empty((await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray());
        var audit = (await GetAsync(admin, $"/audit?resource=session:{id}&limit=50")).GetProperty("items").EnumerateArray().Select(a => $"{Text(a, "action")} {a.GetProperty("actor").GetProperty("username").GetString()}").ToArray();
        Assert.Contains("session.shared admin", audit);
        Assert.Contains("session.unshared bob", audit);
    }

    [Fact]
    public async Task Every_way_of_being_refused_has_its_status_and_names_the_field()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        using var eve = await bed.App.UserAsync("eve");
        using var locked = await bed.App.UserAsync("lotte");
        using var auditor = await bed.App.UserAsync("otto", "auditor");
        using var admin = await bed.App.AdminAsync();
        var people = (await GetAsync(admin, "/users?limit=200")).GetProperty("items").EnumerateArray().ToDictionary(u => Text(u, "username"), u => Text(u, "id"));
        Assert.InRange((await SendAsync(admin, HttpMethod.Post, $"/users/{people["lotte"]}/lock", new { reason = "test" })).Status, 200, 204);

        await Refused(ada, id, new { username = "bob" }, 400, "VALIDATION_ERROR", "level");
        await Refused(ada, id, new { username = "bob", level = "owner" }, 400, "VALIDATION_ERROR", "level");
        await Refused(ada, id, new { level = "view" }, 400, "VALIDATION_ERROR", "username");
        await Refused(ada, id, new { username = "bob", email = "bob@example.org", level = "view" }, 400, "VALIDATION_ERROR", "username");
        await Refused(ada, id, new { team_id = Guid.CreateVersion7(), level = "view" }, 400, "VALIDATION_ERROR", "team_id");
        await Refused(ada, id, new { username = "bob", level = "view", expires_in = "soon" }, 400, "VALIDATION_ERROR", "expires_in");
        await Refused(ada, id, new { username = "bob", level = "view", expires_in = "1h", expires_at = DateTimeOffset.UtcNow.AddHours(1) }, 400, "VALIDATION_ERROR", "expires_in");
        await Refused(ada, id, new { username = "bob", level = "view", note = new string('n', 201) }, 400, "VALIDATION_ERROR", "note");
        await Refused(ada, id, new { username = "bob", level = "view", note = "a\0b" }, 400, "VALIDATION_ERROR", "note");
        await Refused(ada, id, new { username = "bob", level = "view", expires_at = DateTimeOffset.UtcNow.AddSeconds(-1) }, 422, "EXPIRY_NOT_ALLOWED", "expires_at");
        await Refused(ada, id, new { username = "bob", level = "view", expires_at = DateTimeOffset.UtcNow.AddDays(31) }, 422, "EXPIRY_NOT_ALLOWED", "expires_at");
        await Refused(ada, id, new { username = "bob", level = "view", expires_in = "31d" }, 422, "EXPIRY_NOT_ALLOWED", "expires_in");
        await Refused(ada, id, new { username = "nobody", level = "view" }, 404, "USER_NOT_FOUND", "username");
        await Refused(ada, id, new { username = "a\0b", level = "view" }, 404, "USER_NOT_FOUND", "username");
        await Refused(ada, id, new { email = "\0", level = "view" }, 404, "USER_NOT_FOUND", "email");
        await Refused(ada, id, new { email = "", level = "view" }, 404, "USER_NOT_FOUND", "email");
        await Refused(ada, id, new { email = "nobody@example.org", level = "view" }, 404, "USER_NOT_FOUND", "email");
        await Refused(ada, id, new { user_id = Guid.CreateVersion7(), level = "view" }, 404, "USER_NOT_FOUND", "user_id");
        await Refused(ada, id, new { username = "ada", level = "view" }, 409, "SHARED_WITH_ONESELF");
        await Refused(admin, id, new { username = "ada", level = "view" }, 409, "ALREADY_OWNER");
        await Refused(ada, id, new { username = "lotte", level = "view" }, 409, "PERSON_LOCKED");

        // Who may not share learns nothing of people, and who may not see the session nothing of it.
        await Refused(eve, id, new { username = "nobody", level = "view" }, 404, "SESSION_NOT_FOUND");
        await Refused(auditor, id, new { username = "nobody", level = "view" }, 403, "NOT_ALLOWED");
        Assert.Equal(404, (await SendAsync(eve, HttpMethod.Get, $"/sessions/{id}/shares")).Status);
        var share = await ShareAsync(ada, id, new { username = "bob", level = "control" });
        await Refused(bob, id, new { username = "eve", level = "view" }, 403, "NOT_ALLOWED");
        await Refused(bob, id, new { username = "nobody", level = "view" }, 403, "NOT_ALLOWED");
        var other = await ShareAsync(ada, id, new { username = "otto", level = "view" });
        await EndAsync(bob, id, other, 404); // another person's share is no more than a wrong id to him
        await EndAsync(eve, id, share, 404);

        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{id}");
        await UntilAsync(ada, id, "terminated");
        await Refused(ada, id, new { username = "bob", level = "view" }, 409, "SESSION_ENDED");
    }

    [Fact]
    public async Task The_longest_duration_is_a_setting_and_a_wrong_one_stops_the_start()
    {
        await using var strict = await StartAsync(o => o.Settings["Sharing:MaxDuration"] = "1h");
        var (ada, id) = await strict.RunningAsync();
        using var bob = await strict.App.UserAsync("bob");
        await Refused(ada, id, new { username = "bob", level = "view", expires_in = "61m" }, 422, "EXPIRY_NOT_ALLOWED", "expires_in");
        await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "60m" });
        var e = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(o => o.Settings["Sharing:MaxDuration"] = "forever"));
        Assert.Contains("Sharing:MaxDuration", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_gives_more_than_they_have_and_a_share_gives_no_right_to_share()
    {
        var (owner, other) = (UserId.New(), new UserFacts(UserId.New(), "bob", "Bob", UserState.Active, "bob"));
        var session = new SessionFacts(SessionId.New(), "desk", owner, "terminal", "fake", SessionPhase.Running, null, null, 1);
        var viewing = new SessionSight(session, AccessLevel.View, Manages: false); // an owner who may no longer change their sessions
        Assert.Null(Share.Check(viewing, owner, other, AccessLevel.View));
        Assert.Equal("LEVEL_NOT_ALLOWED", Share.Check(viewing, owner, other, AccessLevel.Collaborate)!.Code);
        Assert.Equal("NOT_ALLOWED", Share.Check(new(session, AccessLevel.Control, Manages: false, ByShare: true), UserId.New(), other, AccessLevel.View)!.Code);
        Assert.Equal("NOT_ALLOWED", Share.Check(new(session, null, Manages: false), UserId.New(), other, AccessLevel.View)!.Code);
    }

    [Fact]
    public async Task Two_who_share_with_the_same_person_at_once_make_one_share()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/share", new { username = "bob", level = i % 2 == 0 ? "view" : "control" })));
        Assert.All(answers, a => Assert.Contains(a.Status, new[] { 200, 201 }));
        Assert.Single(answers, a => a.Status == 201);
        Assert.Single((await GetAsync(ada, $"/sessions/{id}/shares")).GetProperty("items").EnumerateArray());
    }

    private static async Task Refused(HttpClient by, string session, object request, int status, string code, string? field = null)
    {
        var problem = await ShareAsync(by, session, request, status);
        Assert.Equal(code, CodeOf(problem));
        if (field is not null)
            Assert.Equal(field, FieldOf(problem));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
