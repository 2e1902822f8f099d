using System.Text.Json;
using StreamSpace.Sessions.Tests;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

public sealed class PolicyTests
{
    [Fact]
    public async Task Policies_are_kept_by_administrators_and_refuse_what_makes_no_sense()
    {
        await using var bed = await StartAsync();
        var admin = await bed.App.AdminAsync();
        var ada = await bed.App.UserAsync("ada");
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Get, "/recording-policies")).Status);
        var (status, made) = await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish());
        Assert.Equal(201, status);
        var id = made.GetProperty("id").GetString();
        Assert.Equal((200, "calm"), Named(await SendAsync(admin, HttpMethod.Patch, $"/recording-policies/{id}", Wish(name: "calm", enabled: false))));
        Assert.Equal((200, "calm"), Named(await SendAsync(admin, HttpMethod.Get, $"/recording-policies/{id}")));
        Assert.Single((await GetAsync(admin, "/recording-policies")).GetProperty("items").EnumerateArray());
        foreach (var (wrong, field) in new (object, string)[]
        {
            (Wish(users: []), "apply_to"), (Wish(name: ""), "name"), (Wish(playback: false, download: true), "allow_user_download"), (Wish(silent: true), "allow_user_playback"), (Wish(frames: 99), "frames_per_second"),
        })
        {
            var refused = await SendAsync(admin, HttpMethod.Post, "/recording-policies", wrong);
            Assert.Equal(400, refused.Status);
            Assert.Equal(field, refused.Body.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
        }
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recording-policies/{id}")).Status);
        Assert.Equal(404, (await SendAsync(admin, HttpMethod.Delete, $"/recording-policies/{id}")).Status);
    }

    [Fact]
    public async Task A_session_is_recorded_from_its_start_by_the_policy_that_counts()
    {
        await using var bed = await StartAsync();
        var admin = await bed.App.AdminAsync();
        await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish(name: "off", priority: 900, enabled: false));
        await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish(name: "low", priority: 1));
        await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish(name: "high", priority: 2, playback: false, download: false, reason: true));
        var (ada, session) = await bed.RunningAsync();
        await EventuallyAsync(async () => (await GetAsync(admin, $"/recordings?session={session}")).GetProperty("items").GetArrayLength() == 1, "a recording by the policy");
        var row = (await GetAsync(ada, "/recordings")).GetProperty("items")[0];
        var recording = row.GetProperty("id").GetString()!;
        Assert.Equal("high", row.GetProperty("policy").GetString());
        Assert.False(row.GetProperty("may_play").GetBoolean());
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/stop")).Status);
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments?reason=mine")).Status);

        Assert.Equal("REASON_REQUIRED", (await SendAsync(admin, HttpMethod.Get, $"/recordings/{recording}/segments/1")).Body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Get, $"/recordings/{recording}/segments?reason=case%207")).Status);
        await PlaysAsync(admin, recording, 1);
        Assert.Contains((await GetAsync(admin, $"/recordings/{recording}/access-log")).GetProperty("items").EnumerateArray(), l => l.GetProperty("reason").GetString() == "case 7");
        await StopAsync(admin, session, recording);
    }

    [Fact]
    public async Task A_silent_recording_is_not_told_to_the_owner()
    {
        await using var bed = await StartAsync();
        var admin = await bed.App.AdminAsync();
        await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish(silent: true, playback: false, download: false));
        await SendAsync(admin, HttpMethod.Post, "/recording-policies", Wish(name: "bob's", users: ["bob"], priority: 9));
        var (ada, session) = await bed.RunningAsync();
        await EventuallyAsync(async () => (await GetAsync(admin, $"/recordings?session={session}")).GetProperty("items").GetArrayLength() == 1, "a silent recording");
        Assert.Empty((await GetAsync(ada, "/recordings")).GetProperty("items").EnumerateArray());
        Assert.DoesNotContain("recording", (await GetAsync(ada, $"/sessions/{session}/activity")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(409, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/stop")).Status);
        await RecordAsync(ada, session); // nor does it stand in the way of their own
        Assert.Single((await GetAsync(ada, "/recordings")).GetProperty("items").EnumerateArray());
    }

    private static (int, string?) Named((int Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetProperty("name").GetString());

    private static object Wish(
        string name = "all", int priority = 5, bool enabled = true, string[]? users = null, bool playback = true, bool download = true, bool silent = false, bool reason = false, int frames = 5) => new
    {
        name, priority, enabled, apply_to = new { all = users is null, users }, frames_per_second = frames, retention_days = 7, allow_user_playback = playback, allow_user_download = download,
        require_reason = reason, silent,
    };
}
