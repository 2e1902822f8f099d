using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Recordings.Library;
using StreamSpace.Rfb.Recording;
using StreamSpace.Sessions.Tests;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

[Trait("Category", "Slow")]
public sealed class LibraryTests
{
    [Fact]
    public async Task Owners_see_their_own_auditors_see_all_and_others_nothing()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var bob = await bed.App.UserAsync("bob");
        var auditor = await bed.App.UserAsync("eve", "auditor");
        var recording = await MadeAsync(ada, session);

        Assert.Equal(recording, Assert.Single((await GetAsync(ada, "/recordings")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(recording, Assert.Single((await GetAsync(auditor, $"/recordings?session={session}&text=term&state=ended&owner=ada")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty((await GetAsync(auditor, "/recordings?state=recording")).GetProperty("items").EnumerateArray());
        Assert.Empty((await GetAsync(bob, "/recordings")).GetProperty("items").EnumerateArray());
        foreach (var path in (string[])["", "/segments", "/segments/1"])
            Assert.Equal(404, (await SendAsync(bob, HttpMethod.Get, $"/recordings/{recording}{path}")).Status);
        foreach (var act in (string[])["start", "stop"])
            Assert.Equal(404, (await SendAsync(bob, HttpMethod.Post, $"/sessions/{session}/recordings/{act}")).Status);
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/access-log")).Status);
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Delete, $"/recordings/{recording}")).Status);
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments/99")).Status);

        await Playback.SegmentAsync(auditor, recording, 1);
        await Playback.SegmentAsync(auditor, recording, 1);
        await Playback.SegmentAsync(ada, recording, 1, "download");
        var log = (await GetAsync(auditor, $"/recordings/{recording}/access-log")).GetProperty("items").EnumerateArray().Select(l => $"{l.GetProperty("user").GetString()} {l.GetProperty("action").GetString()}").ToList();
        Assert.Single(log, "eve viewed");
        Assert.Single(log, "ada downloaded");
    }

    [Fact]
    public async Task A_session_is_recorded_once_and_only_who_started_or_administers_stops_it()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var recording = await RecordAsync(admin, session);
        Assert.Equal((409, "ALREADY_RECORDED"), Code(await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/start")));
        Assert.Equal((403, "NOT_YOURS_TO_STOP"), Code(await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/stop")));
        Assert.False((await GetAsync(ada, $"/recordings/{recording}")).GetProperty("may_stop").GetBoolean());
        Assert.Equal((409, "STILL_RECORDING"), Code(await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}")));
        await StopAsync(admin, session, recording);
        Assert.Equal((409, "NOT_RECORDED"), Code(await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/stop")));
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{session}");
        await UntilAsync(ada, session, "terminated");
        Assert.Equal((409, "SESSION_ENDED"), Code(await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/recordings/start")));
    }

    [Fact]
    public async Task Owners_play_and_download_only_what_they_may()
    {
        await using var bed = await StartAsync(o => (o.Settings["Recordings:AllowPlayback"], o.Settings["Recordings:AllowDownload"]) = ("true", "false"));
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        Assert.Equal((403, "DOWNLOAD_NOT_ALLOWED"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments/1?purpose=download")));
        await ExecuteAsync(bed, "update recordings.recordings set allow_playback = false");
        Assert.Equal((403, "PLAYBACK_NOT_ALLOWED"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments/1")));
        Assert.Equal((403, "PLAYBACK_NOT_ALLOWED"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments")));
        await ExecuteAsync(bed, "update recordings.recordings set silent = true");
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}")).Status);
        Assert.True((await Playback.SegmentAsync(await bed.App.AdminAsync(), recording, 1, "download")).Length > 100);
    }

    [Fact]
    public async Task What_is_held_is_not_deleted_by_anybody_and_deleting_leaves_the_log()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var recording = await MadeAsync(ada, session);
        var folder = bed.App.Services.GetRequiredService<IOptions<RecordingsOptions>>().Value.Directory;
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/hold", new { reason = "" })));
        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/hold", new { reason = "case 7" })).Status);
        Assert.Equal((409, "RECORDING_HELD"), Code(await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}")));
        await ExecuteAsync(bed, "update recordings.recordings set keep_until = now() - interval '1 day'");
        var keeper = bed.App.Services.GetRequiredService<RetentionKeeper>();
        await keeper.SweepAsync(default);
        Assert.Single(await Playback.ListAsync(admin, recording));

        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}/hold")).Status);
        Assert.NotEmpty(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        await keeper.SweepAsync(default);
        Assert.Empty(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}")).Status);
        Assert.Empty((await GetAsync(admin, "/recordings")).GetProperty("items").EnumerateArray());
        Assert.Single((await GetAsync(admin, "/recordings?state=deleted")).GetProperty("items").EnumerateArray());
        var actions = (await GetAsync(admin, $"/recordings/{recording}/access-log")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("action").GetString()).ToList();
        Assert.Equal(["deleted", "released", "held"], actions.Where(a => a is not ("viewed" or "stopped")));
    }

    [Fact]
    public async Task Files_are_private_and_unreadable_and_a_changed_byte_is_found()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        var folder = bed.App.Services.GetRequiredService<IOptions<RecordingsOptions>>().Value.Directory;
        var file = Assert.Single(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var stored = await File.ReadAllBytesAsync(file);
        Assert.Equal(-1, stored.AsSpan().IndexOf("SSREC"u8));

        var plain = await Playback.SegmentAsync(ada, recording, 1);
        Assert.True(new RecordingVerifier().Add(plain).Whole);
        plain[plain.Length / 2] ^= 1;
        Assert.False(new RecordingVerifier().Add(plain).Whole);
        stored[stored.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, stored);
        Assert.False(new RecordingVerifier().Add(await Playback.SegmentAsync(ada, recording, 1)).Whole);
    }

    [Fact]
    public async Task Lists_go_page_by_page_and_wrong_filters_are_named()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var made = new List<string>();
        for (var i = 0; i < 3; i++)
            made.Add(await MadeAsync(ada, session));
        var first = await GetAsync(ada, "/recordings?limit=2");
        var second = await GetAsync(ada, $"/recordings?limit=2&cursor={first.GetProperty("next_cursor").GetString()}");
        made.Reverse();
        Assert.Equal(made, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(r => r.GetProperty("id").GetString()!));
        Assert.Equal(3, first.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        foreach (var wrong in (string[])["state=gone", "cursor=xx", "from=yesterday", "session=7"])
            Assert.Equal(400, (await SendAsync(ada, HttpMethod.Get, $"/recordings?{wrong}")).Status);
        Assert.Equal(400, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{made[0]}/segments/1?purpose=steal")).Status);
    }

    [Fact]
    public async Task Segments_go_page_by_page_or_from_the_last_one_that_is_known()
    {
        await using var bed = await StartAsync(o => o.Settings["Recordings:SegmentLength"] = "00:00:01");
        var (ada, session) = await bed.RunningAsync();
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 4);
        await StopAsync(ada, session, recording);
        var all = (await Playback.ListAsync(ada, recording)).Select(s => s.GetProperty("number").GetInt32()).ToList();
        var paged = new List<int>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(ada, $"/recordings/{recording}/segments?limit=2" + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 2);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("number").GetInt32()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        Assert.Equal(all, paged);
        Assert.Equal(all.Skip(2), (await GetAsync(ada, $"/recordings/{recording}/segments?after=2")).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("number").GetInt32()));
        foreach (var wrong in (string[])["limit=201", "cursor=xx", "after=-1", "after=x"])
            Assert.Equal(400, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments?{wrong}")).Status);
    }

    [Fact]
    public async Task Only_who_watches_a_recording_that_goes_on_is_told_how_it_grows()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var eve = await bed.App.UserAsync("eve", "auditor");
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 1);
        await Task.Delay(2500);
        Assert.Empty(await GrewAsync());
        await Playback.ListAsync(eve, recording);
        await EventuallyAsync(async () => await GrewAsync() is ["eve False", ..], "the auditor is told");
        await StopAsync(ada, session, recording);
        await EventuallyAsync(async () => (await GrewAsync())[^1] == "eve True", "the auditor is told of the end");
        Assert.DoesNotContain(await GrewAsync(), told => told.StartsWith("ada", StringComparison.Ordinal));

        async Task<List<string>> GrewAsync()
        {
            await using var command = bed.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
                "select u.username || ' ' || (e.data->>'ended' = 'true')::text from kernel.events e join identity.users u on u.id = e.concerns where e.type = 'recording.grew' order by e.position");
            await using var rows = await command.ExecuteReaderAsync();
            var told = new List<string>();
            while (await rows.ReadAsync())
                told.Add(rows.GetString(0).Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal));
            return told;
        }
    }

    private static async Task<string> MadeAsync(HttpClient user, string session)
    {
        var recording = await RecordAsync(user, session);
        await PlaysAsync(user, recording, 1);
        await StopAsync(user, session, recording);
        return recording;
    }

    private static (int, string?) Code((int Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetProperty("error").GetProperty("code").GetString());

    private static async Task ExecuteAsync(SessionsBed bed, string sql)
    {
        await using var command = bed.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
