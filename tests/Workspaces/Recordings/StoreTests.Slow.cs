using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Recordings.Library;
using StreamSpace.Rfb.Recording;
using StreamSpace.Testing.S3;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Recordings.Tests.StoreBed;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

/// <summary>Recordings in a bucket, through the door, against a server that checks signatures and digests and can fail in every way.</summary>
[Trait("Category", "Slow")]
public sealed class StoreTests
{
    [Fact]
    public async Task Closed_segments_go_to_the_bucket_encrypted_and_play_and_verify_from_there()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var bed = await StartAsync(o => Short(o, s3));
        var (ada, session) = await bed.RunningAsync();
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 3);
        await StopAsync(ada, session, recording);
        await UploadedAsync(bed, s3, ada, recording);

        var count = (await Playback.ListAsync(ada, recording)).Count;
        Assert.Equal(Enumerable.Range(1, count).Select(n => $"tests/rec/{Guid.Parse(recording):N}/{n:D6}.segment"), s3.Segments);
        Assert.All(s3.Objects.Values, o => Assert.Equal((-1, true), (o.Content.AsSpan().IndexOf("SSREC"u8), o.Sha256 is not null)));
        await WholeAsync(ada, recording);
        Assert.True((await Playback.SegmentAsync(ada, recording, 1, "download")).Length > 100);
        var store = await GetAsync(await bed.App.AdminAsync(), "/recordings/store");
        Assert.Equal(("s3", FakeS3.Bucket, 0, count, JsonValueKind.Null), (store.GetProperty("store").GetString(), store.GetProperty("bucket").GetString(),
            store.GetProperty("waiting_segments").GetInt32(), store.GetProperty("in_store").GetInt32(), store.GetProperty("last_error").ValueKind));
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Get, "/recordings/store")).Status);
        Assert.Contains("streamspace_recording_uploads_total{result=\"ok\"}", await bed.App.Anonymous.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        Assert.DoesNotContain(s3.Objects.Keys, k => k.Contains("probe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_gone_on_with_one_that_is_wrong_is_asked_for_again_and_a_changed_object_is_found()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var bed = await StartAsync(s3.Configure);
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        await UploadedAsync(bed, s3, ada, recording);
        var whole = await Playback.SegmentAsync(ada, recording, 1);
        foreach (var fault in (S3Fault[])[S3Fault.Cut, S3Fault.Corrupt, S3Fault.SlowDown])
        {
            var times = 0;
            s3.Fault = r => r.Method == "GET" && ++times == 1 ? fault : null;
            Assert.Equal(whole, await Playback.SegmentAsync(ada, recording, 1));
            Assert.True(times >= 2, $"{fault}: {times}");
        }
        s3.Fault = null;
        var key = Assert.Single(s3.Segments);
        Assert.Contains(s3.Seen, s => s.StartsWith($"GET {key} bytes=", StringComparison.Ordinal));

        s3.Objects[key].Content[^30] ^= 1;
        var damaged = await Playback.SegmentAsync(ada, recording, 1);
        Assert.False(new RecordingVerifier().Add(damaged).Whole);
        s3.Objects.Clear();
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/segments/1")).Status);
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_is_lost_and_uploads_resume()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var bed = await StartAsync(o => Short(o, s3));
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var recording = await RecordAsync(ada, session);
        await EventuallyAsync(() => Task.FromResult(s3.Segments.Count > 0), "a first object", 20);
        await EventuallyAsync(async () => await CountAsync(bed, "stored = 's3'") > 0, "that is known");
        await s3.GoAwayAsync();
        var before = (await Playback.ListAsync(ada, recording)).Count;
        await PlaysAsync(ada, recording, before + 3);
        await EventuallyAsync(async () => (await GetAsync(admin, "/recordings/store")).GetProperty("away").GetBoolean(), "the store is told as away");

        var store = await GetAsync(admin, "/recordings/store");
        Assert.True(store.GetProperty("waiting_segments").GetInt32() >= 2, store.ToString());
        Assert.Contains("does not answer", store.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        using (var health = await bed.App.Anonymous.GetAsync("/health/ready"))
        {
            Assert.Equal(200, (int)health.StatusCode);
            Assert.Contains("recordings.store", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using (var away = await ada.GetAsync($"/api/v1/recordings/{recording}/segments/1"))
        {
            Assert.Equal(503, (int)away.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), away.Headers.RetryAfter!.Delta);
            Assert.Contains("RECORDING_STORE_AWAY", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await Playback.SegmentAsync(ada, recording, before + 2); // what waits here plays

        await s3.ComeBackAsync();
        await StopAsync(ada, session, recording);
        await UploadedAsync(bed, s3, ada, recording);
        await WholeAsync(ada, recording);
        store = await GetAsync(admin, "/recordings/store");
        Assert.Equal((false, 0, JsonValueKind.Null), (store.GetProperty("away").GetBoolean(), store.GetProperty("waiting_segments").GetInt32(), store.GetProperty("last_error").ValueKind));
        Assert.DoesNotContain("recordings.store", await bed.App.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_goes_wrong_with_an_upload_it_is_tried_again_and_the_local_file_stays_until_the_store_has_it()
    {
        await using var s3 = await FakeS3.StartAsync();
        var faults = new Queue<S3Fault>([S3Fault.Corrupt, S3Fault.Cut, S3Fault.SlowDown, S3Fault.SlowDown, S3Fault.InternalError, S3Fault.InternalError]);
        s3.Fault = r => r.Method == "PUT" && r.Path.Value!.EndsWith(".segment", StringComparison.Ordinal) && faults.TryDequeue(out var fault) ? fault : null;
        await using var bed = await StartAsync(s3.Configure);
        var (ada, session) = await bed.RunningAsync();
        var recording = await MadeAsync(ada, session);
        var file = Assert.Single(Files(bed));
        var stored = await File.ReadAllBytesAsync(file);
        await EventuallyAsync(async () => await CountAsync(bed, "upload_error like 'The store has other bytes%'") == 1, "what a lying disk has is noticed");
        Assert.True(File.Exists(file));
        await UploadedAsync(bed, s3, ada, recording, 60);
        Assert.Empty(faults);
        Assert.Equal(stored, s3.Objects[Assert.Single(s3.Segments)].Content);
        await WholeAsync(ada, recording);
    }

    [Fact]
    public async Task Deleting_by_hand_and_by_age_removes_the_objects_also_when_the_store_was_away()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var bed = await StartAsync(s3.Configure);
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var first = await MadeAsync(ada, session);
        await UploadedAsync(bed, s3, ada, first);
        await s3.GoAwayAsync();
        var second = await MadeAsync(ada, session);
        foreach (var recording in (string[])[first, second])
            Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}")).Status);
        Assert.Empty(Files(bed));
        await EventuallyAsync(async () => (await GetAsync(admin, "/recordings/store")).GetProperty("last_error").ValueKind == JsonValueKind.String, "the trouble is told");
        Assert.Equal(2, (await GetAsync(admin, "/recordings/store")).GetProperty("waiting_removals").GetInt32());
        Assert.Single(s3.Segments);
        await s3.ComeBackAsync();
        await EventuallyAsync(() => Task.FromResult(s3.Segments.Count == 0), "the object is removed", 30);

        // Nothing waits any more, and still it is noticed that the store is back.
        await EventuallyAsync(async () => !(await GetAsync(admin, "/recordings/store")).GetProperty("away").GetBoolean(), "the store is told as back", 30);
        var third = await MadeAsync(ada, session);
        await UploadedAsync(bed, s3, ada, third);
        await ExecuteAsync(bed, "update recordings.recordings set keep_until = now() - interval '1 day' where state = 'ended'; update recordings.removals set not_before = now()");
        await bed.App.Services.GetRequiredService<RetentionKeeper>().SweepAsync(default);
        await EventuallyAsync(async () => (await GetAsync(admin, "/recordings/store")).GetProperty("waiting_removals").GetInt32() == 0, "all removals are done");
        Assert.Empty(s3.Objects);
        Assert.Equal(403, (await SendAsync(admin, HttpMethod.Get, $"/recordings/{third}/segments/1")).Status);
    }
}
