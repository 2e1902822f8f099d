using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Exports;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Recordings.Upload;

namespace StreamSpace.Recordings.Library;

/// <summary>DELETE /recordings/{recording}, its hold, and who looked at it.</summary>
internal static class KeepRecording
{
    /// <param name="Reason">Why it must not be deleted.</param>
    public sealed record Request([StringLength(500, MinimumLength = 3, ErrorMessage = "must be 3 to 500 characters: why it must be kept.")] string Reason);

    /// <summary>One line of a recording's log.</summary>
    /// <param name="At">When.</param>
    /// <param name="User">User name, or the system caller's.</param>
    /// <param name="Action">viewed, downloaded, exported, asked, approved, denied, stopped, held, released or deleted.</param>
    /// <param name="Address">Where from.</param>
    /// <param name="Reason">Why, where that was said.</param>
    public sealed record LogLine(DateTimeOffset At, string User, string Action, string? Address, string? Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/recordings/{recording}", DeleteAsync).Needs(RecordingsPermissions.ManageAll).Audited("recording.deleted")
            .WithName("DeleteRecording").WithTags("Recordings").WithSummary("Delete a recording");
        api.MapPost("/recordings/{recording}/hold", HoldAsync).Needs(RecordingsPermissions.ManageAll).Audited("recording.held")
            .WithName("HoldRecording").WithTags("Recordings").WithSummary("Keep a recording from being deleted").Produces<RecordingAnswer>();
        api.MapDelete("/recordings/{recording}/hold", ReleaseAsync).Needs(RecordingsPermissions.ManageAll).Audited("recording.released")
            .WithName("ReleaseRecording").WithTags("Recordings").WithSummary("Let a recording be deleted again").Produces<RecordingAnswer>();
        api.MapGet("/recordings/{recording}/access-log", LogAsync).Needs(RecordingsPermissions.ViewAll)
            .WithName("ShowRecordingLog").WithTags("Recordings").WithSummary("Who looked at a recording").Produces<Page<LogLine>>();
    }

    internal static async Task<IResult> DeleteAsync(RecordingId recording, RecordingsDb db, RecordingDesk desk, SegmentShelf shelf, FilmShelf films, RecordingsOptions options, IEventLog events, TimeProvider clock, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { State: not RecordingState.Deleted } found)
            return RecordingFailures.Missing.ToHttp();
        var deleted = found.Delete("manual");
        if (!deleted.Ok)
            return deleted.Failure.ToHttp();
        desk.Log(recording, "deleted");
        events.Append(db, deleted.Value);
        var segments = await db.Segments.Where(s => s.RecordingId == recording).ToListAsync(ct);
        db.AddRange(ObjectRemover.Plan(segments, options.Uploads, clock.GetUtcNow()));
        db.RemoveRange(segments);
        var film = await db.Exports.Where(e => e.RecordingId == recording).Select(e => e.File).FirstOrDefaultAsync(ct);
        await db.Exports.Where(e => e.RecordingId == recording).ExecuteDeleteAsync(ct); // whoever makes it finds its row gone
        await db.SaveChangesAsync(ct);
        films.Remove(film);
        shelf.Remove(recording); // without its key, which is gone, nobody can read what a crash here leaves behind
        return TypedResults.NoContent();
    }

    internal static Task<IResult> HoldAsync(RecordingId recording, Request request, RecordingsDb db, RecordingDesk desk, CancellationToken ct) =>
        ChangeAsync(recording, request.Reason, "held", db, desk, ct);

    internal static Task<IResult> ReleaseAsync(RecordingId recording, RecordingsDb db, RecordingDesk desk, CancellationToken ct) => ChangeAsync(recording, null, "released", db, desk, ct);

    internal static async Task<IResult> LogAsync(RecordingId recording, RecordingsDb db, RecordingDesk desk, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is null)
            return RecordingFailures.Missing.ToHttp();
        var lines = await db.AccessLog.AsNoTracking().Where(a => a.RecordingId == recording).OrderByDescending(a => a.Id).Take(1000)
            .Select(a => new LogLine(a.At, a.UserName, a.Action, a.Address, a.Reason)).ToListAsync(ct);
        return TypedResults.Ok(new Page<LogLine>(lines, null, lines.Count));
    }

    private static async Task<IResult> ChangeAsync(RecordingId recording, string? reason, string action, RecordingsDb db, RecordingDesk desk, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { State: not RecordingState.Deleted } found)
            return RecordingFailures.Missing.ToHttp();
        found.Hold(reason);
        desk.Log(recording, action, reason);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok((await desk.AnswerAsync([found], ct))[0]);
    }
}
