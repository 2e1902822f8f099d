using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Rfb.Recording;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

[Trait("Category", "Slow")]
public sealed class RecorderTests
{
    [Fact]
    public async Task What_the_display_showed_is_what_the_recording_plays()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var display = bed.Runtime.Display(IdOf(session));
        display.Draw(p => p.Fill(0, 0, p.Width, p.Height, 0x102030));
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 1);
        display.Draw(p => p.Fill(5, 6, 20, 10, 0xcc8844));
        bed.App.Services.GetRequiredService<ISessionTap>().Pressed(IdOf(session), UserId.New(), 3);
        bed.App.Services.GetRequiredService<ISessionTap>().Pasted(IdOf(session), UserId.New(), 77);
        await Task.Delay(1500);
        display.Send([3, 0, 0, 0, 0, 0, 0, 6, .. "secret"u8]);
        display.Draw(p => p.Fill(30, 30, 5, 5, 0x00ff00));
        await Task.Delay(800);
        await StopAsync(ada, session, recording);

        var bytes = await Playback.SegmentAsync(ada, recording, 1, "download");
        var (reader, chunks) = Playback.Read(bytes);
        Assert.Equal(SegmentFault.None, reader.Error.Fault);
        Assert.Equal("stopped", reader.End!.Reason);
        Assert.Equal(ChunkKind.Display, chunks[1].Kind);
        Assert.Equal(24 + chunks[1].Content.Span[23], chunks[1].Content.Length);
        Assert.InRange(reader.DurationMs, 2000, 20_000);
        Assert.Contains(reader.Index!.Events, e => e.Type == "input");
        Assert.Contains(reader.Index.Events, e => e.Type == "clipboard");
        Assert.Equal(["from_session 6", "to_session 77"], chunks.Where(c => c.Kind == ChunkKind.Event).Select(c => JsonSerializer.Deserialize(c.Content.Span, SegmentJson.Default.RecordedEvent)!)
            .Where(e => e.Type == "clipboard").Select(e => $"{e.Direction} {e.Bytes}").Order(StringComparer.Ordinal));
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("secret")));
        var played = await Playback.PictureAsync(bytes);
        Assert.Equal(display.Picture.Pixels.ToArray(), played.Pixels.ToArray());
        var item = Assert.Single(await Playback.ListAsync(ada, recording));
        Assert.Equal(reader.Digest, item.GetProperty("digest").GetString());
        Assert.Equal(3, item.GetProperty("input").EnumerateArray().Sum(i => i.GetInt32()));
    }

    [Fact]
    public async Task A_recorder_asks_for_no_more_pictures_than_it_may()
    {
        await using var bed = await StartAsync(o => o.Settings["Recordings:FramesPerSecond"] = "4");
        var (ada, session) = await bed.RunningAsync();
        var display = bed.Runtime.Display(IdOf(session));
        var asked = 0;
        display.Received = (message, _) => asked += message.Type == 3 ? 1 : 0;
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 1);
        var watch = Stopwatch.StartNew();
        asked = 0;
        for (var i = 0; watch.Elapsed < TimeSpan.FromSeconds(2); i++)
        {
            display.Draw(p => p.Fill(0, 0, 8, 8, i));
            await Task.Delay(10);
        }
        Assert.InRange(asked, 3, 4 * (watch.Elapsed.TotalSeconds + 1));
    }

    [Fact]
    public async Task Segments_follow_each_other_by_time_and_across_freezing_and_the_session_s_end()
    {
        await using var bed = await StartAsync(o => o.Settings["Recordings:SegmentLength"] = "00:00:01");
        var (ada, session) = await bed.RunningAsync();
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 2);
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/freeze");
        await UntilAsync(ada, session, "frozen");
        await EventuallyAsync(async () => (await Playback.ListAsync(ada, recording)).Any(s => s.GetProperty("end_reason").GetString() == "paused"), "a segment that paused");
        var paused = (await Playback.ListAsync(ada, recording)).Count;
        await Task.Delay(1200);
        Assert.Equal(paused, (await Playback.ListAsync(ada, recording)).Count);
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{session}/wake");
        await PlaysAsync(ada, recording, paused + 1);
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{session}");
        await EventuallyAsync(async () => (await GetAsync(ada, $"/recordings/{recording}")).GetProperty("state").GetString() == "ended", "the recording ended with its session", 20);
        Assert.Equal("session_ended", (await GetAsync(ada, $"/recordings/{recording}")).GetProperty("end_reason").GetString());
        await WholeAsync(ada, recording);
    }

    [Fact]
    public async Task At_any_moment_what_a_kill_would_leave_plays_to_within_a_second()
    {
        await using var bed = await StartAsync(o => o.Settings["Recordings:SegmentLength"] = "00:05:00"); // one for all looks, however slow the machine is
        var (ada, session) = await bed.RunningAsync();
        var display = bed.Runtime.Display(IdOf(session));
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 1);
        var random = new Random(20261125);
        for (var i = 0; i < 100; i++)
        {
            await Task.Delay(random.Next(120));
            if (i % 20 == 0) // a whole picture of some megabytes each
                display.Draw(p => p.Fill(random.Next(50), random.Next(50), 10, 10, i));
            var now = DateTimeOffset.UtcNow;
            var (reader, _) = Playback.Read(await Playback.SegmentAsync(ada, recording, 1)); // only what was handed over is in the file
            Assert.Equal(SegmentFault.Torn, reader.Error.Fault);
            Assert.InRange((now - reader.Header!.StartedAt).TotalMilliseconds - reader.DurationMs, double.MinValue, 1000);
        }
    }

    [Fact]
    public async Task What_another_server_left_torn_is_closed_and_the_recording_goes_on()
    {
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("sst-rec-").FullName;
        void Configure(TestAppOptions options)
        {
            options.Database = database;
            options.Settings["Recordings:Directory"] = folder;
        }
        string session, recording;
        await using (var first = await StartAsync(Configure, runtime))
        {
            (var ada, session) = await first.RunningAsync();
            recording = await RecordAsync(ada, session);
            await PlaysAsync(ada, recording, 1);
            runtime.Display(IdOf(session)).Draw(p => p.Fill(1, 1, 9, 9, 0x123456));
            await Task.Delay(1600);
        }
        // As a kill leaves it: the last block half written, nothing closed, the lease somebody's who is not there.
        var file = Assert.Single(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        await using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 5);
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var tear = source.CreateCommand("update recordings.segments set digest = null, end_reason = null; update recordings.recordings set holder = 'gone', lease_until = now() + interval '2 seconds'");
            await tear.ExecuteNonQueryAsync();
        }
        await using var second = await StartAsync(Configure, runtime);
        var admin = await second.App.AdminAsync();
        await PlaysAsync(admin, recording, 2);
        var segments = await Playback.ListAsync(admin, recording);
        Assert.Equal("recovered", segments[0].GetProperty("end_reason").GetString());
        Assert.InRange(segments[0].GetProperty("duration_ms").GetInt64(), 1000, 20_000);
        Assert.Equal(0x123456, (await Playback.PictureAsync(await Playback.SegmentAsync(admin, recording, 1)))[5, 5]);
        await StopAsync(admin, session, recording);
        await WholeAsync(admin, recording);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Two_servers_record_a_session_once()
    {
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("sst-rec-").FullName;
        void Configure(TestAppOptions options)
        {
            options.Database = database;
            options.Settings["Recordings:Directory"] = folder;
        }
        await using (var first = await StartAsync(Configure, runtime))
        await using (var second = await StartAsync(Configure, runtime))
        {
            var (ada, session) = await first.RunningAsync();
            var before = runtime.Display(IdOf(session)).Connections;
            var recording = await RecordAsync(ada, session);
            await PlaysAsync(ada, recording, 1);
            await Task.Delay(2500);
            Assert.Equal(before + 1, runtime.Display(IdOf(session)).Connections);
            // Wherever it is pressed, the recording hears of it.
            first.App.Services.GetRequiredService<ISessionTap>().Pressed(IdOf(session), UserId.New(), 2);
            second.App.Services.GetRequiredService<ISessionTap>().Pressed(IdOf(session), UserId.New(), 3);
            await EventuallyAsync(async () => (await Playback.ListAsync(ada, recording)).SelectMany(s => s.GetProperty("input").EnumerateArray()).Sum(i => i.GetInt32()) == 5, "presses of both servers");
            await StopAsync(ada, session, recording);
        }
        Directory.Delete(folder, recursive: true);
    }

    internal static async Task<string> RecordAsync(HttpClient user, string session)
    {
        var (status, body) = await SendAsync(user, HttpMethod.Post, $"/sessions/{session}/recordings/start", new { reason = "test" });
        Assert.True(status == 201, $"{status} {body}");
        return body.GetProperty("id").GetString()!;
    }

    /// <summary>Waits until a segment of this number has a picture in it.</summary>
    internal static Task PlaysAsync(HttpClient user, string recording, int number) => EventuallyAsync(
        async () =>
        {
            using var answer = await user.GetAsync($"/api/v1/recordings/{recording}/segments/{number}");
            return answer.IsSuccessStatusCode && Playback.Read(await answer.Content.ReadAsByteArrayAsync()).Chunks.Count(c => c.Kind == ChunkKind.Display) > 1;
        },
        $"a picture in segment {number}", 20);

    internal static async Task StopAsync(HttpClient user, string session, string recording)
    {
        var (status, body) = await SendAsync(user, HttpMethod.Post, $"/sessions/{session}/recordings/stop");
        Assert.True(status == 200, $"{status} {body}");
        await EventuallyAsync(async () => (await GetAsync(user, $"/recordings/{recording}")).GetProperty("state").GetString() == "ended", "the recording ended");
    }

    /// <summary>Every segment is whole and follows the one before.</summary>
    internal static async Task WholeAsync(HttpClient user, string recording)
    {
        var verifier = new RecordingVerifier();
        foreach (var segment in await Playback.ListAsync(user, recording))
        {
            var report = verifier.Add(await Playback.SegmentAsync(user, recording, segment.GetProperty("number").GetInt32()));
            Assert.Equal(SegmentFault.None, report.Error.Fault);
            Assert.Equal(segment.GetProperty("digest").GetString(), report.Digest);
        }
    }
}
