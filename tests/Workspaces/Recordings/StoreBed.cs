using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Sessions.Tests;
using StreamSpace.Testing;
using StreamSpace.Testing.S3;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

/// <summary>What tests of the store do again and again.</summary>
internal static class StoreBed
{
    public static void Short(TestAppOptions options, FakeS3 s3)
    {
        s3.Configure(options);
        options.Settings["Recordings:SegmentLength"] = "00:00:01";
    }

    public static List<string> Files(SessionsBed bed) =>
        Directory.Exists(FolderOf(bed)) ? [.. Directory.GetFiles(FolderOf(bed), "*.segment", SearchOption.AllDirectories)] : [];

    public static string FolderOf(SessionsBed bed) => bed.App.Services.GetRequiredService<IOptions<RecordingsOptions>>().Value.Directory;

    public static Task<string> ShelfOfAsync(SessionsBed bed) => File.ReadAllTextAsync(Path.Combine(FolderOf(bed), "shelf.id"));

    /// <summary>Waits until every segment is an object and no file.</summary>
    public static async Task UploadedAsync(SessionsBed bed, FakeS3 s3, HttpClient user, string recording, double seconds = 30)
    {
        var count = (await Playback.ListAsync(user, recording)).Count;
        await EventuallyAsync(async () => await CountAsync(bed, $"recording_id = '{recording}' and stored = 's3'") == count && Files(bed).Count == 0, "everything is uploaded", seconds);
        Assert.Equal(count, s3.Segments.Count(k => k.Contains(Guid.Parse(recording).ToString("N"), StringComparison.Ordinal)));
    }

    public static async Task<string> MadeAsync(HttpClient user, string session)
    {
        var recording = await RecordAsync(user, session);
        await PlaysAsync(user, recording, 1);
        await StopAsync(user, session, recording);
        return recording;
    }

    public static async Task<long> CountAsync(SessionsBed bed, string condition)
    {
        await using var command = bed.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"select count(*) from recordings.segments where {condition}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task ExecuteAsync(SessionsBed bed, string sql)
    {
        await using var command = bed.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
