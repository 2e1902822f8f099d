using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Recorders;

/// <summary>Keeps what the database knows of segments in step with their files.</summary>
internal sealed class SegmentBook(IDbContextFactory<RecordingsDb> databases, SegmentShelf shelf)
{
    /// <summary>An event as a timeline needs it.</summary>
    public sealed record Mark(long At, string Type);

    /// <summary>Writes a segment in before its file exists, so that its number is this process's.</summary>
    public async Task OpenAsync(RecordingId recording, SegmentHeader header, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        db.Add(new SegmentRow { RecordingId = recording, Number = header.Number, StartedAt = header.StartedAt, Width = header.Width, Height = header.Height, Shelf = shelf.Id });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Notes how far a segment is; with a digest, that it is closed. Not cancelled once its file is closed.</summary>
    public async Task NoteAsync(RecordingId recording, int number, SegmentIndex index, long bytes, string? digest, string? reason, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await db.Segments.FirstOrDefaultAsync(s => s.RecordingId == recording && s.Number == number, ct) is not { } row)
            return;
        (row.DurationMs, row.Bytes, row.Digest, row.EndReason) = (index.DurationMs, bytes, digest, reason);
        (row.Activity, row.Input) = ([.. index.Activity], [.. index.Input]);
        row.Events = JsonSerializer.Serialize(index.Events.Select(e => new Mark(e.At, e.Type)), Json.EventOptions);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>
    /// Closes what a process that is gone left open, and tells where to go on.
    /// </summary>
    /// <returns>Number and digest of the last segment; 0 and null before the first. Without a digest: it is torn on a disk that is out of reach here.</returns>
    public async Task<(int Number, string? Digest)> RecoverAsync(RecordingId recording, string key, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await db.Segments.AsNoTracking().Where(s => s.RecordingId == recording).OrderBy(s => s.Number).ToListAsync(ct);
        var last = (Number: 0, Digest: (string?)null);
        foreach (var row in rows)
        {
            var elsewhere = row.Digest is null && !shelf.Has(recording, row.Number) && row.Shelf is { } other && other != shelf.Id;
            var digest = elsewhere ? null : row.Digest ?? await CloseTornAsync(db, row, key, ct);
            if (digest is not null || elsewhere) // its own server closes that one when it is back
                last = (row.Number, digest);
        }
        return last;
    }

    /// <summary>Closes one segment that a process of this directory left open while another server went on.</summary>
    /// <exception cref="IOException">Somebody still writes it.</exception>
    public async Task CloseAsync(RecordingId recording, int number, string key, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await db.Segments.AsNoTracking().FirstOrDefaultAsync(s => s.RecordingId == recording && s.Number == number && s.Digest == null, ct) is { } row)
            await CloseTornAsync(db, row, key, ct);
    }

    /// <summary>Null when nothing of the segment can be played; it is taken out then, and its number is used again.</summary>
    private async Task<string?> CloseTornAsync(RecordingsDb db, SegmentRow row, string key, CancellationToken ct)
    {
        if (shelf.Continue(row.RecordingId, key, row.Number) is { } torn)
        {
            using var file = torn.File;
            var reader = new SegmentReader(torn.Plain);
            while (reader.TryRead(out _))
            {
            }
            if (reader.Header is not null && reader.Offset == torn.Plain.Length)
            {
                if (reader.End is { } end) // closed, but nobody wrote that down
                {
                    await NoteAsync(row.RecordingId, row.Number, reader.Index!, torn.Plain.Length, reader.Digest, end.Reason, ct);
                    return reader.Digest;
                }
                var writer = SegmentWriter.After(reader);
                writer.Close(TimeSpan.FromMilliseconds(reader.DurationMs), "recovered");
                file.Append(writer.Pending.Span);
                file.Sync();
                await NoteAsync(row.RecordingId, row.Number, writer.Index, writer.Length, writer.Digest, "recovered", ct);
                return writer.Digest;
            }
        }
        await db.Segments.Where(s => s.RecordingId == row.RecordingId && s.Number == row.Number).ExecuteDeleteAsync(ct);
        shelf.Remove(row.RecordingId, row.Number);
        return null;
    }
}
