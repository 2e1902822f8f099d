using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Recordings.Upload;
using StreamSpace.Testing;
using StreamSpace.Testing.S3;
using StreamSpace.Tests.Shared;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Recordings.Tests.StoreBed;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

/// <summary>What a store is told, what it is not, and other stores than ours.</summary>
[Trait("Category", "Slow")]
public sealed class StoreSettingsTests
{
    [Theory]
    [InlineData("AES256")]
    [InlineData("aws:kms")]
    public async Task The_store_is_asked_to_encrypt_where_that_is_wanted_and_the_secret_may_come_from_a_file(string encryption)
    {
        await using var s3 = await FakeS3.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, FakeS3.SecretKey + "\n");
        await using (var bed = await StartAsync(o =>
        {
            s3.Configure(o);
            o.Settings["Recordings:S3:SecretKey"] = "";
            o.Settings["Recordings:S3:SecretKeyFile"] = file;
            o.Settings["Recordings:S3:ServerSideEncryption"] = encryption;
        }))
        {
            var (ada, session) = await bed.RunningAsync();
            var recording = await MadeAsync(ada, session);
            await UploadedAsync(bed, s3, ada, recording);
            Assert.Equal(encryption, s3.Objects[Assert.Single(s3.Segments)].Encryption);
            await WholeAsync(ada, recording);
        }
        File.Delete(file);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_to_administrators_and_no_secret_is_shown_anywhere()
    {
        const string wrong = "another/secret+that-no-log-may-show-9876543210";
        await using var s3 = await FakeS3.StartAsync();
        await using var bed = await StartAsync(o =>
        {
            s3.Configure(o);
            o.Settings["Recordings:S3:SecretKey"] = wrong;
        });
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        await MadeAsync(ada, session);
        await EventuallyAsync(async () => (await GetAsync(admin, "/recordings/store")).GetProperty("away").GetBoolean(), "the store refuses");
        var store = (await GetAsync(admin, "/recordings/store")).ToString();
        Assert.Contains("refuses the access key (403 SignatureDoesNotMatch)", store, StringComparison.Ordinal);
        Assert.Empty(s3.Objects);
        Assert.Single(Files(bed));
        var shown = store + await bed.App.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative)) + await bed.App.Anonymous.GetStringAsync(new Uri("/metrics", UriKind.Relative)) + string.Join('\n', TestLog.Lines);
        Assert.Contains("The store of recordings is away", shown, StringComparison.Ordinal);
        foreach (var secret in (string[])[wrong, FakeS3.SecretKey, FakeS3.AccessKey])
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
    }

    [RequiresFact("s3")]
    public async Task Another_s3_server_keeps_and_removes_recordings_too()
    {
        var server = new Uri(Environment.GetEnvironmentVariable("STREAMSPACE_TEST_S3")!);
        await using var bed = await StartAsync(o =>
        {
            o.Settings["Recordings:Store"] = "s3";
            o.Settings["Recordings:SegmentLength"] = "00:00:01";
            o.Settings["Recordings:S3:Endpoint"] = server.GetLeftPart(UriPartial.Authority).Replace(server.UserInfo + "@", "", StringComparison.Ordinal);
            o.Settings["Recordings:S3:Bucket"] = server.AbsolutePath.Trim('/');
            o.Settings["Recordings:S3:Prefix"] = "streamspace/tests";
            o.Settings["Recordings:S3:AccessKey"] = Uri.UnescapeDataString(server.UserInfo.Split(':')[0]);
            o.Settings["Recordings:S3:SecretKey"] = Uri.UnescapeDataString(server.UserInfo.Split(':')[1]);
        });
        var (ada, session) = await bed.RunningAsync();
        var admin = await bed.App.AdminAsync();
        var recording = await RecordAsync(ada, session);
        await PlaysAsync(ada, recording, 3);
        await StopAsync(ada, session, recording);
        var count = (await Playback.ListAsync(ada, recording)).Count;
        await EventuallyAsync(async () => await CountAsync(bed, "stored = 's3'") == count && Files(bed).Count == 0, "everything is uploaded", 30);
        await WholeAsync(ada, recording);
        Assert.Equal(204, (await SendAsync(admin, HttpMethod.Delete, $"/recordings/{recording}")).Status);
        await EventuallyAsync(async () => (await GetAsync(admin, "/recordings/store")).GetProperty("waiting_removals").GetInt32() == 0, "all objects are removed", 30);
        var store = bed.App.Services.GetRequiredService<ObjectStore>();
        for (var number = 1; number <= count; number++)
            Assert.Null(await store.ReadAsync(StreamSpace.Contracts.RecordingId.From(Guid.Parse(recording)), number, default));
    }

    [Theory]
    [InlineData("Recordings:Store", "tape")]
    [InlineData("Recordings:S3:Endpoint", "")]
    [InlineData("Recordings:S3:Endpoint", "ftp://s3.example.com")]
    [InlineData("Recordings:S3:Endpoint", "https://key:secret@s3.example.com")]
    [InlineData("Recordings:S3:Bucket", "Not_A_Bucket")]
    [InlineData("Recordings:S3:Prefix", "a/../b")]
    [InlineData("Recordings:S3:Region", "")]
    [InlineData("Recordings:S3:AccessKey", "")]
    [InlineData("Recordings:S3:SecretKey", "")]
    [InlineData("Recordings:S3:SecretKeyFile", "/nowhere/secret")]
    [InlineData("Recordings:S3:ServerSideEncryption", "rot13")]
    [InlineData("Recordings:S3:KmsKeyId", "key-1")]
    [InlineData("Recordings:S3:Parallel", "99")]
    [InlineData("Recordings:S3:Timeout", "00:00:01")]
    public async Task A_wrong_setting_is_named_at_start(string setting, string value)
    {
        await using var s3 = await FakeS3.StartAsync();
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(o =>
        {
            s3.Configure(o);
            o.Settings[setting] = value;
            if (setting.EndsWith("SecretKeyFile", StringComparison.Ordinal))
                o.Settings["Recordings:S3:SecretKey"] = "";
        }));
        Assert.Contains(setting, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeS3.SecretKey, refused.ToString(), StringComparison.Ordinal);
    }
}
