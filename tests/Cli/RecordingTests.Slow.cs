using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Recording;
using StreamSpace.Testing;
using StreamSpace.Testing.S3;

namespace StreamSpace.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class RecordingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sst-verify-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Verify_says_of_each_file_whether_it_is_whole()
    {
        var first = Make(1, null, out var digest);
        var second = Make(2, digest, out _);
        using var cli = new CliRun();

        var ran = await cli.RunAsync("recording", "verify", first, second);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal(2, ran.Out.Split('\n').Count(l => l.EndsWith("0:03.0  whole", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verify_names_the_first_broken_place_and_ends_with_code_1()
    {
        var first = Make(1, null, out var digest);
        var second = Make(2, digest, out _);
        var bytes = await File.ReadAllBytesAsync(second);
        bytes[^30] ^= 4;
        await File.WriteAllBytesAsync(second, bytes);
        using var cli = new CliRun();

        var ran = await cli.RunAsync("recording", "verify", first, second);

        Assert.Equal(1, ran.Code);
        Assert.Contains("One file is not as it was written.", ran.Error, StringComparison.Ordinal);
        Assert.Matches(@"2\.ssrec  segment 2  \S+  The chunk at byte \d+ is not what was written\.", ran.Out);
        Assert.Matches("does not follow the one before", (await cli.RunAsync("recording", "verify", second, first)).Out);
    }

    [Fact]
    public async Task Verify_of_what_is_no_recording_or_not_there_is_told_in_words()
    {
        var other = Path.Combine(folder.FullName, "other");
        await File.WriteAllTextAsync(other, "hello");
        using var cli = new CliRun();

        Assert.Contains("This is not a segment of a recording.", (await cli.RunAsync("recording", "verify", other)).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await cli.RunAsync("recording", "verify", other + ".gone")).Code);
        Assert.Equal(2, (await cli.RunAsync("recording", "verify")).Code);
    }

    [Fact]
    public async Task A_recording_is_listed_downloaded_and_verified()
    {
        await using var app = await TestApp.StartAsync(options => options.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime()));
        using var cli = new CliRun(app);
        await cli.LogInAsync();
        Assert.Equal(0, (await cli.RunAsync("session", "create", "terminal", "--name", "seen")).Code);
        var admin = await app.AdminAsync();
        using (var session = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/sessions")))
        {
            var path = $"/api/v1/sessions/{session.RootElement.GetProperty("items")[0].GetProperty("id").GetString()}/recordings/";
            Assert.True((await admin.PostAsync(path + "start", null)).IsSuccessStatusCode);
            await Task.Delay(3000);
            Assert.True((await admin.PostAsync(path + "stop", null)).IsSuccessStatusCode);
        }

        var listed = await cli.RunAsync("recording", "list", "--text", "seen");
        Assert.Contains("seen", listed.Out, StringComparison.Ordinal);
        var id = listed.Out.Split('\n')[1].Split(' ')[0];
        Ran downloaded;
        do
        {
            downloaded = await cli.RunAsync("recording", "download", id, "--into", folder.FullName);
            Assert.Equal(0, downloaded.Code);
        }
        while (!downloaded.Out.Contains("  whole", StringComparison.Ordinal));
        Assert.Equal(0, (await cli.RunAsync("recording", "verify", Path.Combine(folder.FullName, "000001.ssrec"))).Code);
        Assert.Equal(4, (await cli.RunAsync("recording", "download", Guid.CreateVersion7().ToString(), "--into", folder.FullName)).Code);
    }

    [Fact]
    public async Task A_recording_that_lies_in_a_bucket_is_downloaded_and_verified_and_a_changed_object_is_found()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var app = await TestApp.StartAsync(options =>
        {
            s3.Configure(options);
            options.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime());
        });
        using var cli = new CliRun(app);
        await cli.LogInAsync();
        Assert.Equal(0, (await cli.RunAsync("session", "create", "terminal", "--name", "kept")).Code);
        var admin = await app.AdminAsync();
        using (var session = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/sessions")))
        {
            var path = $"/api/v1/sessions/{session.RootElement.GetProperty("items")[0].GetProperty("id").GetString()}/recordings/";
            Assert.True((await admin.PostAsync(path + "start", null)).IsSuccessStatusCode);
            await Task.Delay(3000);
            Assert.True((await admin.PostAsync(path + "stop", null)).IsSuccessStatusCode);
        }

        for (var left = 1000; left > 0 && (await admin.GetStringAsync("/api/v1/recordings/store")).Contains("\"in_store\":0", StringComparison.Ordinal); left--)
            await Task.Delay(20);
        var id = (await cli.RunAsync("recording", "list", "--text", "kept")).Out.Split('\n')[1].Split(' ')[0];
        var downloaded = await cli.RunAsync("recording", "download", id, "--into", folder.FullName);
        Assert.True(downloaded.Code == 0 && downloaded.Out.Contains("  whole", StringComparison.Ordinal), downloaded.Out + downloaded.Error);
        Assert.Contains(s3.Seen, s => s.StartsWith("GET ", StringComparison.Ordinal));
        Assert.Equal(0, (await cli.RunAsync("recording", "verify", Path.Combine(folder.FullName, "000001.ssrec"))).Code);

        s3.Objects[Assert.Single(s3.Segments)].Content[^40] ^= 1;
        Assert.Equal(1, (await cli.RunAsync("recording", "download", id, "--into", folder.FullName)).Code);
        Assert.Equal(1, (await cli.RunAsync("recording", "verify", Path.Combine(folder.FullName, "000001.ssrec"))).Code);
    }

    private string Make(int number, string? previous, out string digest)
    {
        var writer = new SegmentWriter(new(1, "r", "s", number, DateTimeOffset.UnixEpoch, 8, 8, RecordedFormat.Of(PixelFormat.Bgrx), previous));
        writer.Display(TimeSpan.Zero, new byte[24]);
        writer.Display(TimeSpan.FromSeconds(2), new byte[100]);
        writer.Close(TimeSpan.FromSeconds(3), "next");
        digest = writer.Digest;
        var path = Path.Combine(folder.FullName, $"{number}.ssrec");
        File.WriteAllBytes(path, writer.Pending.ToArray());
        return path;
    }
}
