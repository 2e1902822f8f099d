using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Recordings.Upload;
using StreamSpace.Rfb.Recording;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using StreamSpace.Testing.S3;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Recordings.Tests.StoreBed;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

/// <summary>Servers that come, go and share, and what each of them has on its disk.</summary>
[Trait("Category", "Slow")]
public sealed class StoreServersTests
{
    [Fact]
    public async Task What_a_server_that_went_was_uploading_the_next_one_uploads()
    {
        await using var s3 = await FakeS3.StartAsync();
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("sst-rec-").FullName;
        void Configure(TestAppOptions options)
        {
            s3.Configure(options);
            options.Database = database;
            options.Settings["Recordings:Directory"] = folder;
        }
        var hanging = new TaskCompletionSource();
        s3.Fault = r => r.Method == "PUT" && r.Path.Value!.EndsWith(".segment", StringComparison.Ordinal) && hanging.TrySetResult() | true ? S3Fault.Hang : null;
        string recording;
        await using (var first = await StartAsync(Configure, runtime))
        {
            var (ada, session) = await first.RunningAsync();
            recording = await MadeAsync(ada, session);
            await hanging.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
        s3.Fault = null;
        var file = Assert.Single(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        var stored = await File.ReadAllBytesAsync(file);
        // As a kill leaves it: the claim is somebody's who is not there, and a deleted recording's file was not removed yet.
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var claim = source.CreateCommand("update recordings.segments set upload_by = 'gone', upload_until = now() + interval '2 seconds'");
            Assert.Equal(1, await claim.ExecuteNonQueryAsync());
        }
        await using (var second = await StartAsync(Configure, runtime))
        {
            var admin = await second.App.AdminAsync();
            await UploadedAsync(second, s3, admin, recording);
            Assert.Equal(stored, s3.Objects[Assert.Single(s3.Segments)].Content);
            await WholeAsync(admin, recording);
            // A kill between the database's word and the file's removal leaves a file that the sweep finds.
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, stored);
            await second.App.Services.GetRequiredService<ShelfSweeper>().SweepAsync(default);
            Assert.Empty(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Servers_that_share_a_directory_upload_each_segment_once()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Delay = TimeSpan.FromMilliseconds(100);
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("sst-rec-").FullName;
        void Configure(TestAppOptions options)
        {
            Short(options, s3);
            options.Database = database;
            options.Settings["Recordings:Directory"] = folder;
        }
        await using (var first = await StartAsync(Configure, runtime))
        await using (var second = await StartAsync(Configure, runtime))
        {
            var (ada, session) = await first.RunningAsync();
            var recording = await RecordAsync(ada, session);
            await PlaysAsync(ada, recording, 4);
            await StopAsync(ada, session, recording);
            await UploadedAsync(first, s3, ada, recording);
            Assert.All(s3.Segments, key => Assert.Single(s3.Seen, s => s == "PUT " + key));
            await WholeAsync(await second.App.AdminAsync(), recording);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_replica_with_a_disk_of_its_own_says_that_a_segment_is_not_uploaded_yet_and_reads_it_once_it_is()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Fault = r => r.Method == "PUT" && r.Path.Value!.EndsWith(".segment", StringComparison.Ordinal) ? S3Fault.SlowDown : null;
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        void Configure(TestAppOptions options)
        {
            s3.Configure(options);
            options.Database = database;
        }
        await using var first = await StartAsync(Configure, runtime);
        var (ada, session) = await first.RunningAsync();
        var recording = await MadeAsync(ada, session);
        await using var second = await StartAsync(Configure, runtime);
        var admin = await second.App.AdminAsync();
        using (var answer = await admin.GetAsync($"/api/v1/recordings/{recording}/segments/1"))
        {
            Assert.Equal((503, TimeSpan.FromSeconds(10)), ((int)answer.StatusCode, answer.Headers.RetryAfter!.Delta));
            Assert.Contains("SEGMENT_NOT_UPLOADED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(1, (await GetAsync(admin, "/recordings/store")).GetProperty("waiting_elsewhere").GetInt32());
        Assert.Equal(0, await CountAsync(second, $"upload_attempts > 0 and shelf <> '{await ShelfOfAsync(first)}'"));
        s3.Fault = null;
        await UploadedAsync(first, s3, admin, recording, 60);
        await WholeAsync(admin, recording);

        // Deleted there, gone here too.
        s3.Fault = r => r.Method == "PUT" ? S3Fault.SlowDown : null;
        var other = await MadeAsync(ada, session);
        if (Files(first).Count + Files(second).Count != 1)
            Assert.Fail("One of the two has the file.");
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recordings/{other}")).Status);
        foreach (var bed in (SessionsBed[])[first, second])
        {
            await bed.App.Services.GetRequiredService<ShelfSweeper>().SweepAsync(default);
            Assert.Empty(Files(bed));
        }
    }

    [Fact]
    public async Task A_segment_that_a_killed_server_left_torn_on_its_own_disk_is_not_lost_when_another_goes_on()
    {
        await using var s3 = await FakeS3.StartAsync();
        var runtime = new FakeRuntime();
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("sst-rec-").FullName;
        void Shared(TestAppOptions options)
        {
            s3.Configure(options);
            options.Database = database;
        }
        void Own(TestAppOptions options)
        {
            Shared(options);
            options.Settings["Recordings:Directory"] = folder;
        }
        string session, recording;
        s3.Fault = r => r.Method == "PUT" ? S3Fault.SlowDown : null;
        await using (var first = await StartAsync(Own, runtime))
        {
            (var ada, session) = await first.RunningAsync();
            recording = await RecordAsync(ada, session);
            await PlaysAsync(ada, recording, 1);
            await Task.Delay(1200);
        }
        s3.Fault = null;
        var file = Assert.Single(Directory.GetFiles(folder, "*.segment", SearchOption.AllDirectories));
        await using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 5);
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var tear = source.CreateCommand("update recordings.segments set digest = null, end_reason = null; update recordings.recordings set holder = 'gone', lease_until = now() + interval '1 seconds'");
            await tear.ExecuteNonQueryAsync();
        }
        await using (var second = await StartAsync(Shared, runtime))
        {
            var admin = await second.App.AdminAsync();
            await PlaysAsync(admin, recording, 2);
            Assert.Equal(503, (await SendAsync(admin, HttpMethod.Get, $"/recordings/{recording}/segments/1")).Status);
            await StopAsync(admin, session, recording);
            await EventuallyAsync(() => Task.FromResult(s3.Segments.Count == 1), "the second segment is uploaded", 20);
            Assert.Null(Playback.Read(await Playback.SegmentAsync(admin, recording, 2)).Reader.Header!.Previous);
        }
        await using (var first = await StartAsync(Own, runtime))
        {
            var admin = await first.App.AdminAsync();
            await UploadedAsync(first, s3, admin, recording);
            var segments = await Playback.ListAsync(admin, recording);
            Assert.Equal(["recovered", "stopped"], segments.Select(s => s.GetProperty("end_reason").GetString()));
            foreach (var number in (int[])[1, 2])
                Assert.True(new RecordingVerifier().Add(await Playback.SegmentAsync(admin, recording, number)) is { Error.Fault: SegmentFault.None } or { Error.Fault: SegmentFault.ChainBroken }, $"segment {number}");
        }
        Directory.Delete(folder, recursive: true);
    }
}
