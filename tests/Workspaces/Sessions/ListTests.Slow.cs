using System.Net.Http.Json;
using System.Text.Json;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class ListTests : IAsyncLifetime
{
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task Pages_hold_every_session_once_in_every_order_and_filters_narrow_them()
    {
        using var ada = await bed.App.UserAsync("ada");
        var names = Enumerable.Range(0, 7).Select(i => $"s{i * 37 % 10}-{i}").ToArray();
        foreach (var name in names)
            await LaunchAsync(ada, new { template = name[1] > '4' ? "geany" : "terminal", name, tags = new[] { name[1] % 2 == 0 ? "even" : "odd", "all" } });
        Assert.Equal(names.Reverse(), await AllAsync(ada, ""));
        Assert.Equal(names, await AllAsync(ada, "&sort=created_at"));
        Assert.Equal(names.Order(StringComparer.Ordinal), await AllAsync(ada, "&sort=name"));
        Assert.Equal(names.OrderDescending(StringComparer.Ordinal), await AllAsync(ada, "&sort=-name"));
        Assert.Equal(names.Where(n => n[1] > '4').Order(), (await AllAsync(ada, "&template=geany")).Order());
        Assert.Equal(names.Where(n => n[1] % 2 == 0).Order(), (await AllAsync(ada, "&tag=even")).Order());
        Assert.Equal([names[0]], await AllAsync(ada, "&text=" + names[0].ToUpperInvariant()));
        Assert.Empty(await AllAsync(ada, "&text=%25"));
        Assert.Equal(7, (await AllAsync(ada, "&owner=ada")).Count);
        Assert.Empty(await AllAsync(ada, "&state=hibernated"));
        Assert.Equal(7, (await GetAsync(ada, "/sessions/by-tags?tags=even,odd")).GetProperty("items").GetArrayLength());
        Assert.Empty((await GetAsync(ada, "/sessions/by-tags?tags=even,odd&match=all")).GetProperty("items").EnumerateArray());
        Assert.Equal(7, (await GetAsync(ada, "/sessions?limit=2")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_name_is_ones_own_once_and_free_again_after_its_session_ended()
    {
        using var ada = await bed.App.UserAsync("ada");
        using var eve = await bed.App.UserAsync("eve");
        var id = (await LaunchAsync(ada, new { template = "terminal", name = "work" })).GetProperty("id").GetString()!;
        var (status, body) = await SendAsync(ada, HttpMethod.Post, "/sessions", new { template = "terminal", name = "work" });
        Assert.Equal((409, "NAME_TAKEN"), (status, body.GetProperty("error").GetProperty("code").GetString()));
        await LaunchAsync(eve, new { template = "terminal", name = "work" });
        Assert.Equal(id, (await GetAsync(ada, "/sessions/work")).GetProperty("id").GetString());
        var other = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        Assert.Equal(409, (await SendAsync(ada, HttpMethod.Patch, $"/sessions/{other}", new { name = "work" })).Status);
        await SendAsync(ada, HttpMethod.Delete, "/sessions/work");
        Assert.NotEqual(id, (await LaunchAsync(ada, new { template = "terminal", name = "work" })).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Two_editors_notice_each_other_when_they_send_what_they_saw()
    {
        var (ada, id) = await bed.RunningAsync();
        using var seen = await ada.GetAsync($"/api/v1/sessions/{id}");
        var tag = seen.Headers.ETag!.Tag;
        Assert.Equal(200, await PatchAsync(ada, id, tag, new { keep_awake = true }));
        Assert.Equal(409, await PatchAsync(ada, id, tag, new { keep_awake = false }));
        Assert.Equal(200, await PatchAsync(ada, id, "*", new { keep_awake = false, idle_timeout = "15m", tags = new[] { "a" } }));
        var changed = await GetAsync(ada, "/sessions/" + id);
        Assert.Equal(("15m", "request"), (changed.GetProperty("idle_timeout").GetString(), changed.GetProperty("limits_from").GetProperty("idle_timeout").GetString()));
        var tagged = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}/tags", new { add = new[] { "b" }, remove = new[] { "a" } });
        Assert.Equal(["b"], tagged.Body.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        ada.Dispose();
    }

    [Fact]
    public async Task A_launch_with_an_idempotency_key_happens_once()
    {
        using var ada = await bed.App.UserAsync("ada");
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { template = "terminal" }) };
            request.Headers.Add("Idempotency-Key", "once");
            using var answer = await ada.SendAsync(request);
            Assert.Equal(201, (int)answer.StatusCode);
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.Single((await GetAsync(ada, "/sessions")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task History_output_processes_and_use_of_a_session_can_be_read_by_its_owner_only()
    {
        var (ada, id) = await bed.RunningAsync();
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/activity/log", new { type = "note.deploy", category = "lifecycle", message = "deployed", data = new { build = 7 } })).Status);
        Assert.Equal(400, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/activity/log", new { type = "session.error", category = "error", message = "fake" })).Status);
        await EventuallyAsync(async () => (await GetAsync(ada, $"/sessions/{id}/activity?type=note.deploy")).GetProperty("items") is var note && note.GetArrayLength() == 1
            && note[0].GetProperty("actor").GetProperty("username").GetString() == "ada", "the note stands in the history");
        var timeline = (await GetAsync(ada, $"/sessions/{id}/activity/timeline")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal("session.created", timeline[0].GetProperty("type").GetString());
        Assert.All(timeline[..^1], t => Assert.True(t.GetProperty("duration_ms").GetInt64() >= 0));
        Assert.Equal(JsonValueKind.Null, timeline[^1].GetProperty("duration_ms").ValueKind);
        Assert.True((await GetAsync(ada, "/activity/stats")).GetProperty("by_category").GetProperty("lifecycle").GetInt64() >= 3);
        var me = (await GetAsync(ada, "/auth/me")).GetProperty("user").GetProperty("id").GetString();
        Assert.NotEmpty((await GetAsync(ada, $"/activity/users/{me}")).GetProperty("items").EnumerateArray());

        Assert.Equal("line 2\nline 3\n", await ada.GetStringAsync($"/api/v1/sessions/{id}/logs?tail=2"));
        Assert.Equal("fake", (await GetAsync(ada, $"/sessions/{id}/processes")).GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal("512Mi", (await GetAsync(ada, $"/sessions/{id}/usage")).GetProperty("limits").GetProperty("memory").GetString());

        using var eve = await bed.App.UserAsync("eve");
        using var auditor = await bed.App.UserAsync("aud", "auditor");
        foreach (var path in new[] { "activity", "activity/timeline", "logs", "processes", "usage", "idle" })
            Assert.Equal(404, (await SendAsync(eve, HttpMethod.Get, $"/sessions/{id}/{path}")).Status);
        Assert.Equal(404, (await SendAsync(eve, HttpMethod.Get, $"/activity/users/{me}")).Status);
        Assert.Equal(200, (await SendAsync(auditor, HttpMethod.Get, $"/sessions/{id}/activity")).Status);
        Assert.Equal(403, (await SendAsync(auditor, HttpMethod.Get, $"/sessions/{id}/logs")).Status);
        Assert.Equal(403, (await SendAsync(auditor, HttpMethod.Delete, $"/sessions/{id}")).Status);
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Get, "/system")).Status);
        using var admin = await bed.App.AdminAsync();
        Assert.Equal(1, (await GetAsync(admin, "/system")).GetProperty("sessions").GetProperty("running").GetInt64());
        Assert.Contains((await GetAsync(ada, "/runtimes")).GetProperty("items").EnumerateArray(), r => r.GetProperty("name").GetString() == "fake" && r.GetProperty("capabilities").GetProperty("freeze").GetBoolean());
        ada.Dispose();
    }

    [Fact]
    public async Task A_deleted_persons_sessions_end_and_their_home_goes_after_them()
    {
        var (ada, id) = await bed.RunningAsync();
        using var admin = await bed.App.AdminAsync();
        var me = (await GetAsync(ada, "/auth/me")).GetProperty("user").GetProperty("id").GetString()!;
        Assert.InRange((await SendAsync(admin, HttpMethod.Delete, $"/users/{me}")).Status, 200, 204);
        await UntilAsync(admin, id, "terminated");
        await EventuallyAsync(() => Task.FromResult(bed.Runtime.HomesDeleted.Any(u => u.ToString() == me)), "the home is gone", seconds: 30);
        ada.Dispose();
    }

    private static async Task<int> PatchAsync(HttpClient user, string id, string tag, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/sessions/{id}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        using var answer = await user.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<List<string>> AllAsync(HttpClient user, string query)
    {
        var names = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await GetAsync(user, $"/sessions?limit=3{query}{cursor}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString()!));
            if (page.GetProperty("next_cursor").ValueKind == JsonValueKind.Null)
                return names;
            cursor = "&cursor=" + page.GetProperty("next_cursor").GetString();
        }
    }
}
