using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Exports;

/// <summary>How far a film is; written by one thread, read by others.</summary>
internal sealed class FilmProgress
{
    private volatile int _percent;

    /// <summary>0 to 100.</summary>
    public int Percent
    {
        get => _percent;
        set => _percent = value;
    }
}

/// <summary>What became of an attempt.</summary>
/// <param name="Problem">One of <see cref="ExportProblems"/>; null when the film lies on its shelf.</param>
/// <param name="Words">What the encoder or the system said about it, for the log.</param>
internal sealed record FilmResult(string? Problem, string Words = "")
{
    public string SealedKey { get; init; } = "";

    public long Bytes { get; init; }

    public long DurationMs { get; init; }

    public int Damaged { get; init; }
}

/// <summary>Makes one film: (0) how large it must be; (1) the segments, one at a time, decoded to pictures; (2) the encoder; (3) what came of it, sealed, on the shelf.</summary>
internal sealed class FilmMaker(IDbContextFactory<RecordingsDb> databases, SegmentShelf shelf, FilmShelf films, Ffmpeg ffmpeg)
{
    private const int MostFrames = 10;
    private const int FewestFrames = 5;

    private sealed record Part(int Number, long DurationMs, int Width, int Height);

    /// <summary>Expected troubles become the result's problem, with no file left.</summary>
    public async Task<FilmResult> MakeAsync(Recording recording, bool skipIdle, Guid file, FilmProgress progress, CancellationToken ct)
    {
        var parts = await PartsAsync(recording, ct);
        if (parts.Count == 0 || parts.Sum(p => p.DurationMs) == 0)
            return new(ExportProblems.Empty);
        if (ffmpeg.Program is not { } program)
            return new(ExportProblems.Missing);
        try
        {
            var made = await MakeAsync(recording, parts, skipIdle, program, file, progress, ct);
            if (made.Problem is not null)
                films.Remove(file);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            films.Remove(file);
            return new(IsFull(e.Message) ? ExportProblems.DiskFull : ExportProblems.Encoder, e.Message);
        }
    }

    private async Task<FilmResult> MakeAsync(Recording recording, List<Part> parts, bool skipIdle, string program, Guid file, FilmProgress progress, CancellationToken ct)
    {
        var (width, height) = await SizeAsync(recording, parts, ct);
        var frames = Math.Clamp(recording.FramesPerSecond, FewestFrames, MostFrames);
        await using var encoder = FilmEncoder.Start(program, films.ScratchOf(file), width, height, frames); // (2)
        var film = new Film(width, height, frames, skipIdle, encoder.Pictures);
        var broken = "";
        try
        {
            var (done, all) = (0L, parts.Sum(p => p.DurationMs));
            foreach (var part in parts) // (1)
            {
                await film.PlayAsync(await shelf.ReadAsync(recording.Id, recording.Key, part.Number, ct), part.DurationMs, ct);
                done += part.DurationMs;
                progress.Percent = (int)(99 * done / all);
            }
        }
        catch (IOException e)
        {
            broken = e.Message; // the encoder went away, or a segment cannot be read: what the encoder said comes first
        }
        var (whole, words) = await encoder.FinishAsync(ct);
        if (whole is null || broken.Length > 0)
            return new(IsFull(words + broken) ? ExportProblems.DiskFull : ExportProblems.Encoder, words + broken);
        var (key, sealedKey) = films.NewKey();
        var bytes = await SealedFile.WriteAsync(whole, films.PathOf(file), key, ct); // (3)
        return new(null) { SealedKey = sealedKey, Bytes = bytes, DurationMs = film.DurationMs, Damaged = film.Damaged };
    }

    /// <summary>(0)</summary>
    private async Task<(int Width, int Height)> SizeAsync(Recording recording, List<Part> parts, CancellationToken ct)
    {
        var sizes = new List<(int Width, int Height)>(parts.Count);
        foreach (var part in parts)
        {
            sizes.Add((part.Width, part.Height));
            if (await shelf.ReadAsync(recording.Id, recording.Key, part.Number, ct) is { } segment)
                sizes.Add(FilmSize.Of(segment));
        }
        return FilmSize.For(sizes);
    }

    private async Task<List<Part>> PartsAsync(Recording recording, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Segments.AsNoTracking().Where(s => s.RecordingId == recording.Id).OrderBy(s => s.Number)
            .Select(s => new Part(s.Number, s.DurationMs, s.Width, s.Height)).ToListAsync(ct);
    }

    private static bool IsFull(string words) => words.Contains("No space left", StringComparison.OrdinalIgnoreCase) || words.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase);
}
