using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Upload;

/// <summary>GET /recordings/store: where recordings are kept, and what waits.</summary>
internal static class ShowStore
{
    /// <summary>The store.</summary>
    /// <param name="Store">local or s3: where closed segments are kept.</param>
    /// <param name="Endpoint">Address of the S3 server; null without one.</param>
    /// <param name="Bucket">Name of the bucket; null without one.</param>
    /// <param name="Prefix">What objects' names begin with.</param>
    /// <param name="Segments">Segments of all recordings.</param>
    /// <param name="Bytes">Bytes of them.</param>
    /// <param name="InStore">Segments that lie in the bucket.</param>
    /// <param name="WaitingSegments">Closed segments that wait for being uploaded, on all servers.</param>
    /// <param name="WaitingBytes">Bytes of them.</param>
    /// <param name="WaitingElsewhere">How many of them lie on other servers' disks.</param>
    /// <param name="OldestWaiting">When the oldest of them began.</param>
    /// <param name="WaitingRemovals">Objects of deleted recordings that are still to be removed.</param>
    /// <param name="Away">The store does not answer this server, or refuses it.</param>
    /// <param name="LastError">What went wrong last; null when nothing is wrong.</param>
    /// <param name="LastErrorAt">Since when, or when that was.</param>
    public sealed record Response(
        string Store, string? Endpoint, string? Bucket, string Prefix, long Segments, long Bytes, long InStore, long WaitingSegments, long WaitingBytes, long WaitingElsewhere,
        DateTimeOffset? OldestWaiting, long WaitingRemovals, bool Away, string? LastError, DateTimeOffset? LastErrorAt);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/recordings/store", HandleAsync).Needs(RecordingsPermissions.ManageAll)
            .WithName("ShowRecordingStore").WithTags("Recordings").WithSummary("Show where recordings are kept and what waits for being uploaded").Produces<Response>();

    internal static async Task<IResult> HandleAsync(RecordingsDb db, RecordingsOptions options, RecordingsS3Options bucket, SegmentShelf shelf, StorePause pause, CancellationToken ct)
    {
        var (uploads, mine) = (options.Uploads, shelf.Id);
        var sums = await db.Segments.GroupBy(_ => 1).Select(g => new
        {
            Segments = g.LongCount(), Bytes = g.Sum(s => s.Bytes), InStore = g.LongCount(s => s.Stored == "s3"),
            Waiting = g.LongCount(s => s.Stored == "local" && s.Digest != null), WaitingBytes = g.Sum(s => s.Stored == "local" && s.Digest != null ? s.Bytes : 0),
            Elsewhere = g.LongCount(s => s.Stored == "local" && s.Digest != null && s.Shelf != mine), Oldest = g.Min(s => s.Stored == "local" && s.Digest != null ? (DateTimeOffset?)s.StartedAt : null),
        }).FirstOrDefaultAsync(ct);
        var removals = await db.Removals.LongCountAsync(ct);
        var failed = await db.Segments.Where(s => s.Stored == "local" && s.UploadError != null).OrderByDescending(s => s.UploadFailedAt).Select(s => new { Error = s.UploadError, At = s.UploadFailedAt }).FirstOrDefaultAsync(ct)
            ?? await db.Removals.Where(r => r.Error != null).OrderByDescending(r => r.FailedAt).Select(r => new { r.Error, At = r.FailedAt }).FirstOrDefaultAsync(ct);
        var away = pause.Problem;
        return TypedResults.Ok(new Response(
            options.Store, bucket.Given ? bucket.Endpoint : null, bucket.Given ? bucket.Bucket : null, bucket.Folder, sums?.Segments ?? 0, sums?.Bytes ?? 0, sums?.InStore ?? 0,
            uploads ? sums?.Waiting ?? 0 : 0, uploads ? sums?.WaitingBytes ?? 0 : 0, uploads ? sums?.Elsewhere ?? 0 : 0, uploads ? sums?.Oldest : null, removals,
            away is not null, away?.Text ?? failed?.Error, away?.Since ?? failed?.At));
    }
}
