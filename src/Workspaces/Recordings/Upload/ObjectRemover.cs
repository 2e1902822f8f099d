using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Upload;

/// <summary>Removes the objects of deleted segments, on one replica, until the store has said of each that it is gone.</summary>
internal sealed partial class ObjectRemover(IDbContextFactory<RecordingsDb> databases, ObjectStore store, ISingleRunner single, TimeProvider clock, ILogger<ObjectRemover> log) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private bool _away;

    /// <summary>What has to be removed when these segments go; saved with them. What is being uploaded is removed once that is surely over.</summary>
    public static IEnumerable<Removal> Plan(IEnumerable<SegmentRow> segments, bool uploads, DateTimeOffset now) =>
        from segment in segments
        where segment.Stored == "s3" || (uploads && segment.Digest is not null)
        select new Removal { RecordingId = segment.RecordingId, Number = segment.Number, NotBefore = segment.Stored == "s3" ? now : now + UploadQueue.Lease + UploadQueue.Lease };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => store.Given ? single.RunAsync("recordings.removals", KeepAsync, stoppingToken) : Task.CompletedTask;

    private async Task KeepAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            if (await RemoveSomeAsync(ct) == 0)
                await Task.Delay(Idle, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How many are gone.</summary>
    internal async Task<int> RemoveSomeAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var gone = 0;
        foreach (var removal in await db.Removals.AsNoTracking().Where(r => r.NotBefore <= now).OrderBy(r => r.NotBefore).ThenBy(r => r.RecordingId).ThenBy(r => r.Number).Take(100).ToListAsync(ct))
        {
            var row = db.Removals.Where(r => r.RecordingId == removal.RecordingId && r.Number == removal.Number);
            try
            {
                await store.RemoveAsync(removal.RecordingId, removal.Number, ct);
                await row.ExecuteDeleteAsync(ct);
                gone++;
                _away = false;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var trouble = StoreTrouble.Of(e);
                var after = clock.GetUtcNow() + StorePause.After(removal.Attempts + 1, Longest);
                await row.ExecuteUpdateAsync(u => u.SetProperty(r => r.Attempts, r => r.Attempts + 1).SetProperty(r => r.NotBefore, after).SetProperty(r => r.Error, trouble.Text).SetProperty(r => r.FailedAt, now), ct);
                if (!_away)
                    LogFailed(log, trouble.Text);
                _away = true;
                if (trouble.StoreWide)
                    return gone;
            }
        }
        return gone;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleted recordings could not be removed from the store and are tried again: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
