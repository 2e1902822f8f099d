using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Exports;

/// <summary>/recordings/{recording}/export: ask for a film, follow it, download it, cancel or remove it. For whoever may download the recording.</summary>
internal static class ExportRecording
{
    private const int MostPerPerson = 5;

    /// <param name="SkipIdle">Of each stretch without change only its first second is shown.</param>
    /// <param name="Reason">Why, where that is required; kept in the log.</param>
    public sealed record Request(bool SkipIdle = false, [StringLength(500, MinimumLength = 3, ErrorMessage = "must be 3 to 500 characters: why you want it.")] string? Reason = null);

    /// <summary>An export.</summary>
    /// <param name="State">queued, running, ready or failed.</param>
    /// <param name="Percent">How much of the recording is done.</param>
    /// <param name="SkipIdle">Stretches without change are cut to a second.</param>
    /// <param name="AskedBy">User name of who asked for it.</param>
    /// <param name="AskedAt">When.</param>
    /// <param name="MayCancel">The caller may cancel or remove it.</param>
    /// <param name="Problem">disk_full, encoder_failed, encoder_missing, interrupted or nothing_recorded, when it failed.</param>
    /// <param name="Bytes">Bytes of the film.</param>
    /// <param name="DurationMs">How long the film plays.</param>
    /// <param name="DamagedSegments">Segments that could not be read to their end; the picture stands still there.</param>
    /// <param name="FinishedAt">When it was finished.</param>
    /// <param name="ExpiresAt">When it is deleted.</param>
    public sealed record Answer(
        ExportState State, int Percent, bool SkipIdle, string AskedBy, DateTimeOffset AskedAt, bool MayCancel, string? Problem, long? Bytes, long? DurationMs, int DamagedSegments,
        DateTimeOffset? FinishedAt, DateTimeOffset? ExpiresAt);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/recordings/{recording}/export", AskAsync).Needs(RecordingsPermissions.View).Audited("recording.exported")
            .WithName("ExportRecording").WithTags("Recordings").WithSummary("Make a WebM film of a recording").Produces<Answer>(StatusCodes.Status202Accepted);
        api.MapGet("/recordings/{recording}/export", ShowAsync).Needs(RecordingsPermissions.View)
            .WithName("ShowExport").WithTags("Recordings").WithSummary("Show how far a recording's export is; 204 when nobody asked for one").Produces<Answer>().Produces(StatusCodes.Status204NoContent);
        api.MapDelete("/recordings/{recording}/export", CancelAsync).Needs(RecordingsPermissions.View).Audited("recording.export_removed")
            .WithName("CancelExport").WithTags("Recordings").WithSummary("Cancel a recording's export, or remove its film");
        api.MapGet("/recordings/{recording}/export/file", DownloadAsync).Needs(RecordingsPermissions.View)
            .WithName("DownloadExport").WithTags("Recordings").WithSummary("Download a recording's film").Produces<FileStreamResult>(StatusCodes.Status200OK, "video/webm");
    }

    internal static async Task<IResult> AskAsync(
        RecordingId recording, Request? request, ICaller caller, RecordingsDb db, RecordingDesk desk, Ffmpeg ffmpeg, FilmShelf films, ExportWorker worker, IEventLog events, AuditScope audit,
        TimeProvider clock, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        audit.Resource = $"recording:{recording}";
        if (await desk.BarAsync(found, downloads: true, request?.Reason, ct) is { } barred)
            return barred.ToHttp();
        if (ffmpeg.Program is null)
            return ExportFailures.NotInstalled.ToHttp();
        var before = await db.Exports.FirstOrDefaultAsync(e => e.RecordingId == recording, ct);
        if (before is { Unfinished: true })
            return ExportFailures.Running.ToHttp();
        var me = caller.UserId;
        if (await db.Exports.CountAsync(e => e.AskedBy == me && (e.State == ExportState.Queued || e.State == ExportState.Running), ct) >= MostPerPerson)
            return ExportFailures.TooMany.ToHttp();
        var asked = RecordingExport.Ask(found, request?.SkipIdle ?? false, caller, clock.GetUtcNow());
        if (!asked.Ok)
            return asked.Failure.ToHttp();
        if (!await ReplaceAsync(db, before, asked.Value, () =>
            {
                desk.Log(recording, "exported", request?.Reason?.Trim());
                events.Append(db, asked.Value.Moved(found.SessionId));
            }, ct))
            return ExportFailures.Running.ToHttp();
        films.Remove(before?.File);
        worker.Ring();
        return TypedResults.Accepted($"/api/v1/recordings/{recording}/export", AnswerOf(asked.Value, caller));
    }

    internal static async Task<IResult> ShowAsync(RecordingId recording, ICaller caller, RecordingsDb db, RecordingDesk desk, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        if (!desk.MayDownload(found))
            return RecordingFailures.MayNotDownload.ToHttp();
        return await db.Exports.AsNoTracking().FirstOrDefaultAsync(e => e.RecordingId == recording, ct) is { } export
            ? TypedResults.Ok(AnswerOf(export, caller))
            : TypedResults.NoContent(); // nobody asked for a film yet, which is no mistake of whoever looks
    }

    internal static async Task<IResult> CancelAsync(
        RecordingId recording, ICaller caller, RecordingsDb db, RecordingDesk desk, FilmShelf films, ExportWorker worker, IEventLog events, AuditScope audit, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        audit.Resource = $"recording:{recording}";
        if (await db.Exports.FirstOrDefaultAsync(e => e.RecordingId == recording, ct) is not { } export || !desk.MayDownload(found))
            return ExportFailures.Missing.ToHttp();
        if (!MayCancel(export, caller))
            return ExportFailures.NotYours.ToHttp();
        events.Append(db, export.Moved(found.SessionId, "removed"));
        await db.Exports.Where(e => e.RecordingId == recording).ExecuteDeleteAsync(ct);
        db.ChangeTracker.Clear();
        await db.SaveChangesAsync(ct);
        films.Remove(export.File); // whoever makes it finds its row gone and leaves nothing
        worker.Ring();
        return TypedResults.NoContent();
    }

    internal static async Task<IResult> DownloadAsync(RecordingId recording, RecordingsDb db, RecordingDesk desk, FilmShelf films, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        if (await desk.BarAsync(found, downloads: true, reason: null, ct) is { } barred)
            return barred.ToHttp();
        if (await db.Exports.AsNoTracking().FirstOrDefaultAsync(e => e.RecordingId == recording, ct) is not { } export)
            return ExportFailures.Missing.ToHttp();
        if (export is not { State: ExportState.Ready, File: { } file, Key: { } key })
            return ExportFailures.NotReady.ToHttp();
        if (films.Open(file, key) is not { } film)
            return ExportFailures.Missing.ToHttp();
        await desk.LogLookAsync(found, "downloaded", ct);
        return TypedResults.Stream(film, "video/webm", $"{found.SessionName}-{found.StartedAt.UtcDateTime:yyyyMMdd-HHmmss}.webm", enableRangeProcessing: true);
    }

    private static async Task<bool> ReplaceAsync(RecordingsDb db, RecordingExport? before, RecordingExport asked, Action tell, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (before is not null)
        {
            db.Entry(before).State = EntityState.Detached;
            await db.Exports.Where(e => e.RecordingId == before.RecordingId && e.AskedAt == before.AskedAt).ExecuteDeleteAsync(ct);
        }
        db.Add(asked);
        tell();
        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false; // somebody asked in the same moment
        }
    }

    private static bool MayCancel(RecordingExport export, ICaller caller) => export.AskedBy == caller.Id || caller.May(RecordingsPermissions.ManageAll);

    private static Answer AnswerOf(RecordingExport e, ICaller caller) => new(
        e.State, e.Percent, e.SkipIdle, e.AskedByName, e.AskedAt, MayCancel(e, caller), e.Problem, e.Bytes, e.DurationMs, e.DamagedSegments, e.FinishedAt, e.ExpiresAt);
}
