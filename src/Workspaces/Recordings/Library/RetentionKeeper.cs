using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Exports;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Recordings.Upload;

namespace StreamSpace.Recordings.Library;

/// <summary>Deletes recordings whose time is over, on one replica. What is held stays.</summary>
internal sealed partial class RetentionKeeper(
    IDbContextFactory<RecordingsDb> databases, SegmentShelf shelf, FilmShelf films, RecordingsOptions options, IEventLog events, ISingleRunner single, TimeProvider clock, ILogger<RetentionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => single.RunAsync("recordings.retention", KeepAsync, stoppingToken);

    private async Task KeepAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await SweepAsync(ct);
            await Task.Delay(Pause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task SweepAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var recording in await db.Recordings.Where(r => r.KeepUntil < now && r.HoldReason == null && r.State == RecordingState.Ended).OrderBy(r => r.Id).Take(100).ToListAsync(ct))
        {
            var deleted = recording.Delete("retention");
            if (!deleted.Ok)
                continue;
            db.Add(new AccessRow { RecordingId = recording.Id, At = now, UserName = "recordings.retention", Action = "deleted" });
            var segments = await db.Segments.Where(s => s.RecordingId == recording.Id).ToListAsync(ct);
            db.AddRange(ObjectRemover.Plan(segments, options.Uploads, now));
            db.RemoveRange(segments);
            var film = await db.Exports.Where(e => e.RecordingId == recording.Id).Select(e => e.File).FirstOrDefaultAsync(ct);
            await db.Exports.Where(e => e.RecordingId == recording.Id).ExecuteDeleteAsync(ct);
            events.Append(db, deleted.Value);
            await db.SaveChangesAsync(ct);
            films.Remove(film);
            shelf.Remove(recording.Id);
            LogDeleted(log, recording.Id.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Recording {Recording} was deleted: its time was over")]
    private static partial void LogDeleted(ILogger log, Guid recording);
}
