using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Library;

/// <summary>GET /recordings/{recording}/segments and /segments/{number}: what a player and a downloader need.</summary>
internal static class ReadSegments
{
    /// <summary>One segment of a recording.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="DurationMs">How long it plays.</param>
    /// <param name="Bytes">Bytes of its file.</param>
    /// <param name="Width">Pixels at the beginning.</param>
    /// <param name="Height">Pixels at the beginning.</param>
    /// <param name="Digest">SHA-256 chain value, which the next segment names; null while it is written.</param>
    /// <param name="EndReason">next, paused, display, stopped or recovered; null while it is written.</param>
    /// <param name="Activity">Bytes of picture in each second.</param>
    /// <param name="Input">Presses in each second.</param>
    /// <param name="Events">What happened beside the picture.</param>
    public sealed record Item(
        int Number, DateTimeOffset StartedAt, long DurationMs, long Bytes, int Width, int Height, string? Digest, string? EndReason,
        IReadOnlyList<long> Activity, IReadOnlyList<int> Input, IReadOnlyList<SegmentBook.Mark> Events);

    /// <param name="Purpose">play (usual) or download; both are logged.</param>
    public sealed record Choice([FromQuery(Name = "purpose"), RegularExpression("^(play|download)$", ErrorMessage = "must be play or download.")] string? Purpose);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recordings/{recording}/segments", ListAsync).Needs(RecordingsPermissions.View)
            .WithName("ListSegments").WithTags("Recordings").WithSummary("List a recording's segments").Produces<Page<Item>>();
        api.MapGet("/recordings/{recording}/segments/{number}", HandleAsync).Needs(RecordingsPermissions.View)
            .WithName("ReadSegment").WithTags("Recordings").WithSummary("Read one segment (docs/recording-format.md)").Produces<FileContentResult>(StatusCodes.Status200OK, "application/octet-stream");
    }

    /// <param name="Reason">Why the caller looks, where that is required; kept in the log.</param>
    /// <param name="After">Only segments after this number: what came since a player last asked.</param>
    public sealed record Look(
        [FromQuery(Name = "reason"), StringLength(500, MinimumLength = 3, ErrorMessage = "must be 3 to 500 characters: why you look.")] string? Reason,
        [FromQuery(Name = "after"), Range(0, int.MaxValue)] int? After = null);

    internal static async Task<IResult> ListAsync(
        RecordingId recording, [AsParameters] Look look, [AsParameters] PageQuery page, ICaller caller, RecordingsDb db, RecordingDesk desk, Watchers watchers, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        if (await desk.BarAsync(found, downloads: false, look.Reason, ct) is { } barred)
            return barred.ToHttp();
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var after = look.After ?? 0;
        if (from.Value is [var last] && (!int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after) || look.After is not null))
            return Failure.Field("cursor", "is not a cursor of this list, or stands together with after; leave it out to start from the beginning.").ToHttp();
        if (found.State == RecordingState.Recording)
            await watchers.CameAsync(recording, caller.UserId, ct);
        var total = page.Cursor is null ? await db.Segments.LongCountAsync(s => s.RecordingId == recording && s.Number > after, ct) : (long?)null;
        var (rows, next) = await db.Segments.AsNoTracking().Where(s => s.RecordingId == recording && s.Number > after).OrderBy(s => s.Number)
            .SliceAsync(page, s => [s.Number.ToString(CultureInfo.InvariantCulture)], ct);
        return TypedResults.Ok(new Page<Item>(
            [.. rows.Select(r => new Item(r.Number, r.StartedAt, r.DurationMs, r.Bytes, r.Width, r.Height, r.Digest, r.EndReason, r.Activity, r.Input, JsonSerializer.Deserialize<SegmentBook.Mark[]>(r.Events, Json.EventOptions)!))],
            next, total));
    }

    internal static async Task<IResult> HandleAsync(
        RecordingId recording, int number, [AsParameters] Choice choice, RecordingsDb db, RecordingDesk desk, SegmentShelf shelf, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        var downloads = choice.Purpose == "download";
        if (await desk.BarAsync(found, downloads, reason: null, ct) is { } barred)
            return barred.ToHttp();
        byte[]? bytes;
        try
        {
            bytes = await db.Segments.AnyAsync(s => s.RecordingId == recording && s.Number == number, ct) ? await shelf.ReadAsync(recording, found.Key, number, ct) : null;
        }
        catch (SegmentAwayException away)
        {
            return away.Failure.ToHttp();
        }
        if (bytes is null)
            return RecordingFailures.NoSegment.ToHttp();
        await desk.LogLookAsync(found, downloads ? "downloaded" : "viewed", ct);
        return TypedResults.Bytes(bytes, "application/octet-stream", downloads ? $"{found.SessionName}-{number.ToString("D6", CultureInfo.InvariantCulture)}.ssrec" : null);
    }
}
