using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Recordings.Exports;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Recording;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using StreamSpace.Tests.Shared;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

[Trait("Category", "Slow")]
public sealed class ExportTests
{
    [RequiresFact("ffmpeg")]
    public async Task A_recording_becomes_a_film_that_shows_what_the_player_shows()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var display = bed.Runtime.Display(IdOf(session));
        display.Draw(p => p.Fill(0, 0, p.Width, p.Height, 0x102030));
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 1);
        Assert.Equal((409, "STILL_RECORDING"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export")));
        display.Draw(p => p.Fill(64, 64, 300, 200, 0xcc8844));
        await Task.Delay(2000);
        display.Draw(p => p.Fill(400, 100, 200, 300, 0x2266dd));
        await Task.Delay(1000);
        await StopAsync(ada, session, recording);

        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export")).Status);
        var (status, asked) = await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export", new { skip_idle = false });
        Assert.Equal(202, status);
        Assert.Equal("ada", asked.GetProperty("asked_by").GetString());
        var export = await ReadyAsync(ada, recording);
        var film = Path.Combine(Directory.CreateTempSubdirectory("sst-film-").FullName, "film.webm");
        try
        {
            var bytes = await ada.GetByteArrayAsync($"/api/v1/recordings/{recording}/export/file");
            Assert.Equal(export.GetProperty("bytes").GetInt64(), bytes.Length);
            await File.WriteAllBytesAsync(film, bytes);
            var facts = JsonSerializer.Deserialize<JsonElement>(await RunAsync("ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", film));
            Assert.Equal("vp9", facts.GetProperty("streams")[0].GetProperty("codec_name").GetString());
            var seconds = double.Parse(facts.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture);
            Assert.InRange(seconds - ((await GetAsync(ada, $"/recordings/{recording}")).GetProperty("duration_ms").GetInt64() / 1000.0), -1, 1);
            var shown = Shown(await Playback.SegmentAsync(ada, recording, 1));
            Assert.Equal((shown.Width, shown.Height), (facts.GetProperty("streams")[0].GetProperty("width").GetInt32(), facts.GetProperty("streams")[0].GetProperty("height").GetInt32()));
            Assert.InRange(Difference(shown, await LastFrameAsync(film, shown.Width, shown.Height)), 0, 3);

            using var part = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/recordings/{recording}/export/file") { Headers = { Range = new(100, 299) } };
            using var partly = await ada.SendAsync(part);
            Assert.Equal(206, (int)partly.StatusCode);
            Assert.Equal(bytes[100..300], await partly.Content.ReadAsByteArrayAsync());
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(film)!, recursive: true);
        }
        var stored = await File.ReadAllBytesAsync(Assert.Single(Films(bed)));
        Assert.Equal(-1, stored.AsSpan().IndexOf("webm"u8)); // sealed
        var auditor = await bed.App.UserAsync("eve", "auditor");
        var log = (await GetAsync(auditor, $"/recordings/{recording}/access-log")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("action").GetString()).ToList();
        Assert.Single(log, "exported");
        Assert.Single(log, "downloaded");
        Assert.Equal((403, "NOT_YOURS_TO_CANCEL"), Code(await SendAsync(auditor, HttpMethod.Delete, $"/recordings/{recording}/export")));
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Delete, $"/recordings/{recording}/export")).Status);
        Assert.Empty(Films(bed));
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export/file")).Status);
    }

    [RequiresFact("ffmpeg")]
    public async Task Who_may_not_download_may_not_export_and_a_deleted_recording_takes_its_film_along()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var (bob, admin) = (await bed.App.UserAsync("bob"), await bed.App.AdminAsync());
        var recording = await MadeAsync(ada, session);
        foreach (var (method, path) in new[] { (HttpMethod.Post, ""), (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/file") })
            Assert.Equal(404, (await SendAsync(bob, method, $"/recordings/{recording}/export{path}")).Status);
        await ExecuteAsync(bed, "update recordings.recordings set allow_download = false, require_reason = true");
        Assert.Equal((403, "DOWNLOAD_NOT_ALLOWED"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export")));
        Assert.Equal((403, "REASON_REQUIRED"), Code(await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/export")));
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/export", new { reason = "x" })));
        Assert.Equal(202, (await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/export", new { reason = "case 9" })).Status);
        await ReadyAsync(admin, recording);
        Assert.Equal((403, "DOWNLOAD_NOT_ALLOWED"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export/file")));
        Assert.Single(Films(bed));
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}")).Status);
        Assert.Empty(Films(bed));
    }

    [Fact]
    public async Task Without_the_program_it_is_said_so_and_the_server_s_health_names_it()
    {
        await using var bed = await StartAsync(o => o.Settings["Recordings:Ffmpeg"] = "/nowhere/ffmpeg");
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        Assert.Equal((503, "EXPORT_NOT_INSTALLED"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export")));
        var ready = JsonSerializer.Deserialize<JsonElement>(await bed.App.Anonymous.GetStringAsync("/health/ready"));
        Assert.Contains("ffmpeg", ready.GetProperty("parts").GetProperty("recordings.export").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat >/dev/null; echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1", "disk_full")]
    [InlineData("echo 'Conversion failed!' >&2; exit 187", "encoder_failed")]
    public async Task What_the_encoder_cannot_do_is_told_and_leaves_no_file(string script, string problem)
    {
        await using var program = new Script(script);
        await using var bed = await StartAsync(o => o.Settings["Recordings:Ffmpeg"] = program.Path);
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export");
        await EventuallyAsync(async () => (await GetAsync(ada, $"/recordings/{recording}/export")).GetProperty("state").GetString() == "failed", "a failed export", 20);
        Assert.Equal(problem, (await GetAsync(ada, $"/recordings/{recording}/export")).GetProperty("problem").GetString());
        Assert.Equal((409, "EXPORT_NOT_READY"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export/file")));
        Assert.Empty(Films(bed));
        Assert.Equal(202, (await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export")).Status); // and it may be tried again
    }

    [Fact]
    public async Task A_cancelled_export_ends_its_program_and_leaves_nothing()
    {
        await using var program = new Script("echo $$ >\"${0%.sh}.pid\"; cat >/dev/null; exec sleep 300");
        await using var bed = await StartAsync(o => o.Settings["Recordings:Ffmpeg"] = program.Path);
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export");
        var pid = System.IO.Path.ChangeExtension(program.Path, ".pid");
        await EventuallyAsync(() => Task.FromResult(File.Exists(pid) && File.ReadAllText(pid).EndsWith('\n')), "the program runs", 20);
        Assert.Equal((409, "EXPORT_RUNNING"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/export")));
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Delete, $"/recordings/{recording}/export")).Status);
        var process = int.Parse(await File.ReadAllTextAsync(pid), CultureInfo.InvariantCulture);
        await EventuallyAsync(() => Task.FromResult(!Directory.Exists($"/proc/{process}")), "the program is gone");
        Assert.Empty(Films(bed));
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export")).Status);
    }

    [RequiresFact("ffmpeg")]
    public async Task What_a_killed_server_left_is_made_anew_at_most_three_times_and_its_files_go()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        var folder = Directory.CreateDirectory(Path.Combine(bed.App.Services.GetRequiredService<RecordingsOptions>().Directory, "exports"));
        var stray = Path.Combine(folder.FullName, Guid.NewGuid().ToString("N") + ".film");
        await File.WriteAllTextAsync(stray, "torn");
        File.SetLastWriteTimeUtc(stray, DateTime.UtcNow.AddHours(-1));
        await LeftAsync(attempts: 1);
        await ReadyAsync(ada, recording);
        await bed.App.Services.GetRequiredService<ExportWorker>().SweepAsync(default);
        Assert.False(File.Exists(stray));
        Assert.Single(Films(bed));

        await LeftAsync(attempts: 3);
        await EventuallyAsync(async () => (await GetAsync(ada, $"/recordings/{recording}/export")).GetProperty("problem").GetString() == "interrupted", "given up", 20);
        await ExecuteAsync(bed, "update recordings.exports set expires_at = now() - interval '1 second'");
        await bed.App.Services.GetRequiredService<ExportWorker>().SweepAsync(default);
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/export")).Status);

        Task LeftAsync(int attempts) => ExecuteAsync(
            bed,
            $"""
            delete from recordings.exports;
            insert into recordings.exports(recording_id, state, skip_idle, asked_by, asked_by_name, asked_at, percent, damaged_segments, attempts, file, holder, lease_until)
            select id, 'running', false, owner_id, 'ada', now(), 40, 0, {attempts}, gen_random_uuid(), 'gone', now() + interval '1 second' from recordings.recordings
            """);
    }

    internal static async Task<JsonElement> ReadyAsync(HttpClient user, string recording)
    {
        JsonElement export = default;
        await EventuallyAsync(async () => (export = await GetAsync(user, $"/recordings/{recording}/export")).GetProperty("state").GetString() is "ready" or "failed", "a finished export", 60);
        Assert.True(export.GetProperty("state").GetString() == "ready", export.GetRawText());
        Assert.Equal(0, export.GetProperty("damaged_segments").GetInt32());
        return export;
    }

    internal static async Task<string> MadeAsync(HttpClient user, string session)
    {
        var recording = await RecordAsync(user, session);
        await PlaysAsync(user, recording, 1);
        await Task.Delay(600);
        await StopAsync(user, session, recording);
        return recording;
    }

    internal static (int, string?) Code((int Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetProperty("error").GetProperty("code").GetString());

    internal static async Task ExecuteAsync(SessionsBed bed, string sql)
    {
        await using var command = bed.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string[] Films(SessionsBed bed) => Directory.GetFiles(bed.App.Services.GetRequiredService<RecordingsOptions>().Directory, "*", SearchOption.AllDirectories)
        .Where(f => !f.EndsWith(".segment", StringComparison.Ordinal) && !f.EndsWith("shelf.id", StringComparison.Ordinal)).ToArray();

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var words = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return words;
    }

    private static async Task<byte[]> LastFrameAsync(string film, int width, int height)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", film, "-f", "rawvideo", "-pix_fmt", "bgr0", "-"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var frame = new byte[width * height * 4];
        var next = new byte[frame.Length];
        while (await process.StandardOutput.BaseStream.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false) == next.Length)
            (frame, next) = (next, frame);
        await process.WaitForExitAsync();
        return frame;
    }

    /// <summary>The picture at a segment's end as a player shows it: in the order of colours that the recording names, whatever a scripted display made of the wish for it.</summary>
    private static Picture Shown(byte[] segment)
    {
        var (reader, chunks) = Playback.Read(segment);
        using var decoder = new PictureDecoder(reader.Header!.Width, reader.Header.Height, new(32, 24, false, true, 255, 255, 255, 0, 8, 16));
        foreach (var chunk in chunks.Where(c => c.Kind == ChunkKind.Display).Skip(1))
        {
            for (var rest = chunk.Content; !rest.IsEmpty;)
                rest = rest[decoder.Feed(rest.Span).Taken..];
        }
        return decoder.Picture;
    }

    /// <summary>Mean difference of a colour value, 0 to 255.</summary>
    private static double Difference(Picture shown, byte[] frame)
    {
        long sum = 0;
        for (var i = 0; i < shown.Pixels.Length; i++)
        {
            for (var colour = 0; colour < 3; colour++)
                sum += Math.Abs(((shown.Pixels[i] >> (8 * colour)) & 255) - frame[(4 * i) + colour]);
        }
        return sum / (3.0 * shown.Pixels.Length);
    }

    /// <summary>A program in ffmpeg's place.</summary>
    private sealed class Script : IAsyncDisposable
    {
        public Script(string text)
        {
            Path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("sst-ffmpeg-").FullName, "ffmpeg.sh");
            File.WriteAllText(Path, "#!/bin/sh\n" + text + "\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        public string Path { get; }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
