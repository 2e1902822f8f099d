using System.Text.Json;
using StreamSpace.Recordings.Policies;
using StreamSpace.Sessions.Tests;
using static StreamSpace.Recordings.Tests.ExportTests;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

[Trait("Category", "Slow")]
public sealed class PolicyReachTests
{
    [Fact]
    public async Task A_policy_reaches_a_session_that_runs_when_it_is_made_changed_and_deleted()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var id = (await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish("watch", 5))).Body.GetProperty("id").GetString();
        var first = await RecordedAsync(admin, session, "watch");
        Assert.True((await GetAsync(ada, $"/recordings/{first}")).GetProperty("may_play").GetBoolean());

        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", new { allow_user_playback = false, require_approval = true })).Status);
        await EventuallyAsync(async () => !(await GetAsync(ada, $"/recordings/{first}")).GetProperty("may_play").GetBoolean(), "new terms for what goes on");
        Assert.True((await GetAsync(ada, $"/recordings/{first}")).GetProperty("require_approval").GetBoolean());

        // A stronger policy takes over: another recording, so that nobody finds one under two policies.
        var strong = (await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish("strong", 50))).Body.GetProperty("id").GetString();
        var second = await RecordedAsync(admin, session, "strong");
        Assert.NotEqual(first, second);
        Assert.Equal("policy", (await GetAsync(admin, $"/recordings/{first}")).GetProperty("end_reason").GetString());

        await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", new { enabled = false });
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recording-policies/{strong}")).Status);
        await EventuallyAsync(async () => (await GetAsync(admin, $"/recordings/{second}")).GetProperty("end_reason").GetString() == "policy", "the end of what a deleted policy began");

        var byHand = await RecordAsync(ada, session); // no policy stops what a person wants
        await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", new { enabled = true });
        await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", new { enabled = false });
        await Task.Delay(2500);
        Assert.Equal("recording", (await GetAsync(ada, $"/recordings/{byHand}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_policy_about_a_team_follows_who_is_in_it()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var me = (await GetAsync(ada, "/auth/me")).GetProperty("user").GetProperty("id").GetString();
        var team = (await SendAsync(admin, HttpMethod.Post, "/teams", new { name = "Watched" })).Body.GetProperty("id").GetString();
        var policy = (await SendAsync(admin, HttpMethod.Post, "/recording-policies", new { name = "watched", priority = 5, enabled = true, apply_to = new { teams = new[] { team } } })).Body.GetProperty("id").GetString();
        await Task.Delay(2500);
        Assert.Empty((await GetAsync(admin, $"/recordings?session={session}")).GetProperty("items").EnumerateArray());

        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Put, $"/teams/{team}/members/{me}", null)).Status);
        var recording = await RecordedAsync(admin, session, "watched");
        var (status, refused) = await SendAsync(admin, HttpMethod.Delete, $"/teams/{team}");
        Assert.Equal((409, "TEAM_IN_USE"), (status, refused.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal("the recording policy “watched”", refused.GetProperty("error").GetProperty("details").GetProperty("used_by")[0].GetString());

        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/teams/{team}/members/{me}")).Status);
        await EventuallyAsync(async () => (await GetAsync(admin, $"/recordings/{recording}")).GetProperty("end_reason").GetString() == "policy", "the end of what is recorded of somebody who left the team");
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recording-policies/{policy}")).Status);
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/teams/{team}")).Status);
        Assert.Equal(400, (await SendAsync(admin, HttpMethod.Post, "/recording-policies", new { name = "nobody", priority = 5, enabled = true, apply_to = new { teams = new[] { team } } })).Status);
    }

    [Fact]
    public async Task Changes_name_what_they_change_and_an_older_copy_changes_nothing()
    {
        await using var bed = await StartAsync();
        var admin = await bed.App.AdminAsync();
        var id = (await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish("calm", 5, "carol"))).Body.GetProperty("id").GetString();
        using var look = await admin.GetAsync($"/api/v1/recording-policies/{id}");
        var tag = look.Headers.ETag!.Tag;
        var (status, changed) = await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", new { retention_days = 99 });
        Assert.Equal((200, 99, "calm", 5), (status, changed.GetProperty("retention_days").GetInt32(), changed.GetProperty("name").GetString(), changed.GetProperty("priority").GetInt32()));
        using var old = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/recording-policies/{id}");
        old.Headers.TryAddWithoutValidation("If-Match", tag);
        using var refused = await admin.SendAsync(old);
        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Equal(405, (await SendAsync(admin, HttpMethod.Put, $"/recording-policies/{id}", Wish("calm", 5))).Status);
        foreach (var (wrong, field) in new (object, string)[]
        {
            (new { time_zone = "Europe/Atlantis" }, "time_zone"), (new { windows = new[] { new { days = new[] { "someday" }, from = "08:00", to = "18:00" } } }, "windows[0].days"),
            (new { silent = true }, "allow_user_playback"), (new { silent = true, allow_user_playback = false, allow_user_download = false, notify_on_recording = true }, "notify_on_recording"),
        })
        {
            var answer = await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", wrong);
            Assert.Equal(400, answer.Status);
            Assert.Equal(field, answer.Body.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_policy_counts_in_its_windows_only()
    {
        await using var bed = await StartAsync();
        var (_, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var now = DateTime.UtcNow;
        string[] never = [PolicyWindow.Week[((int)now.DayOfWeek + 3) % 7]];
        var made = await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish("office", 5, null, new { days = never, from = "08:00", to = "18:00" }));
        Assert.Equal(201, made.Status);
        await Task.Delay(2500);
        Assert.Empty((await GetAsync(admin, $"/recordings?session={session}")).GetProperty("items").EnumerateArray());
        await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{made.Body.GetProperty("id").GetString()}", new { windows = new[] { new { days = PolicyWindow.Week, from = "00:00", to = "00:00" } } });
        await RecordedAsync(admin, session, "office");
    }

    [Theory]
    [InlineData("mon", "08:00", "18:00", "2026-11-23T08:00", true)]
    [InlineData("mon", "08:00", "18:00", "2026-11-23T18:00", false)]
    [InlineData("mon", "08:00", "18:00", "2026-11-24T12:00", false)]
    [InlineData("mon", "22:00", "06:00", "2026-11-23T23:00", true)]
    [InlineData("mon", "22:00", "06:00", "2026-11-24T05:59", true)]
    [InlineData("mon", "22:00", "06:00", "2026-11-23T05:00", false)]
    [InlineData("mon", "00:00", "00:00", "2026-11-23T23:59", true)]
    [InlineData("mon", "00:00", "00:00", "2026-11-24T00:00", false)]
    public void A_window_is_open_on_its_days_and_may_go_over_midnight(string day, string from, string to, string at, bool open) => Assert.Equal(
        open,
        new PolicyWindow([day], TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture))
            .Holds(DateTime.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task A_recording_ends_at_the_time_it_was_begun_for()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        foreach (var (wrong, field) in new (object, string)[] { (new { @for = "soon" }, "for"), (new { @for = "90d" }, "for"), (new { until = "2020-01-01T00:00:00Z" }, "until"), (new { @for = "5s", until = "2099-01-01T00:00:00Z" }, "for") })
        {
            var refused = await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/start", wrong);
            Assert.Equal(400, refused.Status);
            Assert.Equal(field, refused.Body.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
        }
        var (status, begun) = await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/start", new { @for = "2s" });
        Assert.Equal(201, status);
        Assert.InRange(begun.GetProperty("stop_at").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        var recording = begun.GetProperty("id").GetString();
        await EventuallyAsync(async () => (await GetAsync(ada, $"/recordings/{recording}")).GetProperty("end_reason").GetString() == "time_over", "its end");
        var row = await GetAsync(ada, $"/recordings/{recording}");
        Assert.InRange((row.GetProperty("ended_at").GetDateTimeOffset() - row.GetProperty("stop_at").GetDateTimeOffset()).TotalSeconds, 0, 4);
    }

    private static async Task<string> RecordedAsync(HttpClient admin, string session, string policy)
    {
        string? found = null;
        await EventuallyAsync(
            async () => (found = (await GetAsync(admin, $"/recordings?session={session}&state=recording")).GetProperty("items").EnumerateArray()
                .Where(r => r.GetProperty("policy").GetString() == policy).Select(r => r.GetProperty("id").GetString()).FirstOrDefault()) is not null,
            $"a recording by {policy}", 15);
        return found!;
    }

    private static object Wish(string name, int priority, string? user = null, params object[] windows) => new
    {
        name, priority, enabled = true, apply_to = new { all = user is null, users = user is null ? Array.Empty<string>() : [user] }, allow_user_playback = true, windows, time_zone = "UTC",
    };
}
