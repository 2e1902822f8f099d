using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Upload;

/// <summary>
/// Compares this shelf's directory with the database: what was deleted or is in the store goes, what lies here is this shelf's to upload, and what a
/// killed process left torn while another server went on is closed.
/// </summary>
internal sealed partial class ShelfSweeper(IDbContextFactory<RecordingsDb> databases, UploadQueue queue, SegmentShelf shelf, SegmentBook book, ILogger<ShelfSweeper> log)
{
    public async Task SweepAsync(CancellationToken ct)
    {
        foreach (var (recording, numbers) in shelf.List())
        {
            try
            {
                await SweepAsync(recording, numbers, ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogLeft(log, recording, e.Message); // somebody still writes it; next time
            }
        }
    }

    private async Task SweepAsync(RecordingId id, int[] numbers, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        // One that this database does not know is somebody else's, and stays.
        if (await db.Recordings.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct) is not { } recording)
            return;
        if (recording.State == RecordingState.Deleted)
        {
            shelf.Remove(id);
            return;
        }
        var rows = await db.Segments.AsNoTracking().Where(s => s.RecordingId == id).Select(s => new { s.Number, s.Stored, s.Shelf, Open = s.Digest == null }).ToDictionaryAsync(s => s.Number, ct);
        foreach (var number in numbers.Where(n => rows.GetValueOrDefault(n) is { Stored: "s3" }))
            shelf.Remove(id, number);
        int[] strange = [.. numbers.Where(n => rows.GetValueOrDefault(n) is { Stored: "local" } row && row.Shelf != shelf.Id)];
        if (strange.Length > 0)
            await queue.AdoptAsync(id, strange);
        var last = rows.Count == 0 ? 0 : rows.Keys.Max();
        // The last one of a recording that goes on is being written, or its recorder closes it.
        foreach (var number in numbers.Where(n => rows.GetValueOrDefault(n) is { Open: true } && (n < last || recording.State == RecordingState.Ended)))
            await book.CloseAsync(id, number, recording.Key, ct);
        if (recording.State == RecordingState.Ended)
            shelf.RemoveIfEmpty(id);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The files of recording {Recording} are looked at another time: {Problem}")]
    private static partial void LogLeft(ILogger log, RecordingId recording, string problem);
}
