using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Approvals;

/// <summary>/recording-access-requests: list, approve, deny. Who may not decide sees their own.</summary>
internal static class DecideAccess
{
    /// <param name="Recording">Of this recording.</param>
    /// <param name="State">pending, approved (also what has expired) or denied.</param>
    /// <param name="Mine">Only the caller's own.</param>
    public sealed record Filter(
        [FromQuery(Name = "recording")] RecordingId? Recording,
        [FromQuery(Name = "state"), RegularExpression("^(pending|approved|denied)$", ErrorMessage = "must be pending, approved or denied.")] string? State,
        [FromQuery(Name = "mine")] bool? Mine);

    /// <param name="Hours">For how long instead of what was asked; 1 to 168.</param>
    /// <param name="Note">A word to whoever asked.</param>
    public sealed record Approval([Range(1, 168)] int? Hours = null, [MaxLength(500)] string? Note = null);

    /// <param name="Note">Why not.</param>
    public sealed record Denial([StringLength(500, MinimumLength = 3, ErrorMessage = "must be 3 to 500 characters: why not.")] string Note);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recording-access-requests", ListAsync).Needs(RecordingsPermissions.View)
            .WithName("ListRecordingAccess").WithTags("Recordings").WithSummary("List requests to look at recordings, newest first").Produces<Page<AccessAnswer>>();
        api.MapPost("/recording-access-requests/{request}/approve", ApproveAsync).Needs(RecordingsPermissions.Approve).Audited("recording.access_approved")
            .WithName("ApproveRecordingAccess").WithTags("Recordings").WithSummary("Let somebody look at a recording for a time").Produces<AccessAnswer>();
        api.MapPost("/recording-access-requests/{request}/deny", DenyAsync).Needs(RecordingsPermissions.Approve).Audited("recording.access_denied")
            .WithName("DenyRecordingAccess").WithTags("Recordings").WithSummary("Refuse a request to look, or take an approval back").Produces<AccessAnswer>();
    }

    internal static async Task<IResult> ListAsync([AsParameters] Filter filter, [AsParameters] PageQuery page, RecordingsDb db, ICaller caller, TimeProvider clock, CancellationToken ct)
    {
        var me = caller.UserId;
        var rows = db.AccessRequests.AsNoTracking();
        if (filter.Mine == true || !caller.May(RecordingsPermissions.Approve))
            rows = rows.Where(r => r.UserId == me);
        if (filter.Recording is { } recording)
            rows = rows.Where(r => r.RecordingId == recording);
        if (filter.State is { } name && Enum.Parse<AccessState>(name, ignoreCase: true) is var state)
            rows = rows.Where(r => r.State == state);
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var total = page.Cursor is null ? await rows.LongCountAsync(ct) : (long?)null;
        if (from.Value is [var last])
        {
            if (!Guid.TryParse(last, out var before))
                return Cursor.Foreign.ToHttp();
            rows = rows.Where(r => r.Id < before);
        }
        var (found, next) = await rows.Join(db.Recordings.AsNoTracking(), r => r.RecordingId, r => r.Id, (request, of) => new { request, of }).OrderByDescending(f => f.request.Id)
            .SliceAsync(page, f => [f.request.Id.ToString()], ct);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<AccessAnswer>([.. found.Select(f => AccessAnswer.Of(f.request, f.of, caller, now))], next, total));
    }

    internal static Task<IResult> ApproveAsync(
        Guid request, Approval? approval, ICaller caller, RecordingsDb db, RecordingDesk desk, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct) =>
        DecideAsync(request, true, approval?.Hours, approval?.Note, caller, db, desk, events, audit, clock, ct);

    internal static Task<IResult> DenyAsync(
        Guid request, Denial denial, ICaller caller, RecordingsDb db, RecordingDesk desk, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct) =>
        DecideAsync(request, false, null, denial.Note, caller, db, desk, events, audit, clock, ct);

    private static async Task<IResult> DecideAsync(
        Guid id, bool approve, int? hours, string? note, ICaller caller, RecordingsDb db, RecordingDesk desk, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of two who decide at once, the second sees what the first did.
        if (await db.AccessRequests.FromSql($"select * from recordings.access_requests where id = {id} for update").FirstOrDefaultAsync(ct) is not { } found)
            return AccessFailures.Missing.ToHttp();
        var recording = await db.Recordings.AsNoTracking().FirstAsync(r => r.Id == found.RecordingId, ct);
        audit.Resource = $"recording:{found.RecordingId}";
        audit.Changed("user", null, found.UserName);
        var now = clock.GetUtcNow();
        if (found.Decide(approve, caller, hours, note, now) is { } failure)
            return failure.ToHttp();
        audit.Changed("expires_at", null, found.ExpiresAt?.ToString("O"));
        desk.Log(found.RecordingId, approve ? "approved" : "denied", string.Join(": ", new[] { found.UserName, found.Note }.Where(w => !string.IsNullOrEmpty(w))));
        events.Append(db, found.Told(recording.SessionId));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(AccessAnswer.Of(found, recording, caller, now));
    }
}
