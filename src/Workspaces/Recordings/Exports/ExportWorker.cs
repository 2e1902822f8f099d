using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Exports;

/// <summary>
/// Makes films, one at a time in this process. (1) Take the next; (2) meanwhile note each second how far it is, and leave it when it counts no more; (3) the end, of whatever kind, in one
/// transaction. A process that dies stops renewing, and another one begins the film anew. Beside that: (4) what has expired and what nobody knows of is removed.
/// </summary>
internal sealed partial class ExportWorker(
    IDbContextFactory<RecordingsDb> databases, ExportLeases leases, FilmMaker maker, FilmShelf films, IEventLog events, RecordingsOptions options, TimeProvider clock, ILogger<ExportWorker> log)
    : BackgroundService
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Sweeping = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StrangersAge = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _bell = new(0);

    private TimeSpan Keep => TimeSpan.FromHours(options.ExportHours);

    /// <summary>There is something to take up or to leave.</summary>
    public void Ring() => _bell.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var runsAs = CallerAccessor.RunAs(Caller.System("recordings.exports"));
        await Task.WhenAll(RepeatAsync(TakeOneAsync, Beat, stoppingToken), RepeatAsync(SweepAsync, Sweeping, stoppingToken));
    }

    /// <summary>(4)</summary>
    internal async Task<bool> SweepAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var export in await db.Exports.AsNoTracking().Where(e => e.ExpiresAt < now).OrderBy(e => e.ExpiresAt).Take(100).ToListAsync(ct))
        {
            await db.Exports.Where(e => e.RecordingId == export.RecordingId && e.AskedAt == export.AskedAt).ExecuteDeleteAsync(ct);
            films.Remove(export.File);
        }
        var known = await db.Exports.Where(e => e.File != null).Select(e => e.File!.Value).ToHashSetAsync(ct);
        if (films.RemoveStrangers(known, now - StrangersAge) is var strangers and > 0)
            LogStrangers(log, strangers);
        return false;
    }

    private async Task RepeatAsync(Func<CancellationToken, Task<bool>> work, TimeSpan pause, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var again = false;
            try
            {
                again = await work(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (!again)
                await (pause == Beat ? _bell.WaitAsync(pause, ct) : Task.Delay(pause, clock, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TakeOneAsync(CancellationToken ct)
    {
        var file = Guid.CreateVersion7();
        if (await leases.TakeAsync(file, ct) is not { } id) // (1)
            return false;
        await using var db = await databases.CreateDbContextAsync(ct);
        var export = await db.Exports.AsNoTracking().FirstOrDefaultAsync(e => e.RecordingId == id, ct);
        var recording = await db.Recordings.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct);
        if (export is null || recording is null || export.File != file)
            return true;
        if (export.Attempts > MostAttempts)
            await EndAsync(recording, file, new(ExportProblems.Interrupted));
        else
            await MakeAsync(recording, export, file, ct);
        return true;
    }

    private async Task MakeAsync(Recording recording, RecordingExport export, Guid file, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var progress = new FilmProgress();
        var noting = NoteAsync(recording, export, file, progress, over);
        try
        {
            var made = await maker.MakeAsync(recording, export.SkipIdle, file, progress, over.Token);
            await over.CancelAsync();
            await noting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndAsync(recording, file, made); // (3)
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            films.Remove(file);
            if (ct.IsCancellationRequested)
                await leases.GiveBackAsync(recording.Id, file);
        }
        finally
        {
            await over.CancelAsync();
            await noting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>(2)</summary>
    private async Task NoteAsync(Recording recording, RecordingExport export, Guid file, FilmProgress progress, CancellationTokenSource over)
    {
        var (told, renewed) = (-1, clock.GetTimestamp());
        while (!over.IsCancellationRequested)
        {
            try
            {
                var percent = progress.Percent;
                if (!await leases.RenewAsync(recording.Id, file, percent, over.Token))
                    await over.CancelAsync();
                renewed = clock.GetTimestamp();
                if (percent != told && !over.IsCancellationRequested)
                    await events.AppendAsync([export.Moved(recording.SessionId) with { State = "running", Percent = percent }], over.Token);
                told = percent;
            }
            catch (Exception e) when (!over.IsCancellationRequested)
            {
                LogTrouble(log, e.Message);
                if (clock.GetElapsedTime(renewed) > ExportLeases.Lease - Beat - Beat) // somebody else may begin it by now
                    await over.CancelAsync();
            }
            await ((Task)_bell.WaitAsync(Beat, over.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EndAsync(Recording recording, Guid file, FilmResult made)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        // The lock keeps whoever cancels from doing so between this look and the change.
        if (await db.Exports.FromSql($"select * from recordings.exports where recording_id = {recording.Id.Value} for update").FirstOrDefaultAsync(CancellationToken.None) is not { } row || row.File != file)
        {
            films.Remove(file);
            return;
        }
        if (made.Problem is { } problem)
        {
            row.Fail(problem, clock.GetUtcNow(), Keep);
            LogFailed(log, recording.Id, problem, made.Words);
        }
        else
            row.Finish(made.SealedKey, made.Bytes, made.DurationMs, made.Damaged, clock.GetUtcNow(), Keep);
        events.Append(db, row.Moved(recording.SessionId));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Exports were interrupted and go on: {Problem}")]
    private static partial void LogTrouble(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The export of recording {Recording} failed: {Problem} {Words}")]
    private static partial void LogFailed(ILogger log, RecordingId recording, string problem, string words);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} files of exports that nobody knew of")]
    private static partial void LogStrangers(ILogger log, int count);
}
