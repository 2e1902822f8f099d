using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Approvals;

namespace StreamSpace.Recordings.Library;

/// <summary>Which recordings a caller sees, what they may do with them, and the log of what they did.</summary>
internal sealed class RecordingDesk(RecordingsDb db, ICaller caller, IEventLog events, TimeProvider clock)
{
    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(10);

    public bool SeesAll => caller.May(RecordingsPermissions.ViewAll) || caller.May(RecordingsPermissions.ManageAll);

    /// <summary>The recordings the caller may know of.</summary>
    public IQueryable<Recording> Visible()
    {
        var me = caller.Id;
        return SeesAll ? db.Recordings : db.Recordings.Where(r => r.OwnerId == me && !r.Silent && r.State != RecordingState.Deleted);
    }

    public Task<Recording?> FindAsync(RecordingId id, CancellationToken ct) => Visible().FirstOrDefaultAsync(r => r.Id == id, ct);

    public bool MayPlay(Recording recording) => recording.State != RecordingState.Deleted && (SeesAll || recording.AllowPlayback);

    public bool MayDownload(Recording recording) => recording.State != RecordingState.Deleted && (SeesAll || (recording.AllowPlayback && recording.AllowDownload));

    public bool MayStop(Recording recording) => recording.State == RecordingState.Recording && (caller.May(RecordingsPermissions.ManageAll) || recording.StartedBy == caller.Id);

    /// <summary>Adds a line to the recording's log; saved with the next save.</summary>
    public void Log(RecordingId recording, string action, string? reason = null) => db.Add(new AccessRow
    {
        RecordingId = recording, At = clock.GetUtcNow(), UserId = caller.Id, UserName = caller.Name, Action = action, Address = caller.Address, Reason = reason,
    });

    /// <summary>Whether another person must still agree that the caller looks.</summary>
    private async Task<bool> NeedsApprovalAsync(Recording recording, CancellationToken ct)
    {
        var (me, now) = (caller.Id, clock.GetUtcNow());
        return recording.RequireApproval && !await db.AccessRequests.AnyAsync(r => r.RecordingId == recording.Id && r.UserId == me && r.State == AccessState.Approved && r.ExpiresAt > now, ct);
    }

    /// <summary>Whether the caller still has to say why they look; saying it once holds for twelve hours.</summary>
    private async Task<bool> NeedsReasonAsync(Recording recording, CancellationToken ct)
    {
        var (me, since) = (caller.Id, clock.GetUtcNow() - TimeSpan.FromHours(12));
        return recording.RequireReason && !await db.AccessLog.AnyAsync(a => a.RecordingId == recording.Id && a.UserId == me && a.Reason != null && a.Action == "viewed" && a.At > since, ct);
    }

    /// <summary>Why the caller may not look at a recording now; null when they may. A reason that is required and given is kept in the log.</summary>
    public async Task<Failure?> BarAsync(Recording recording, bool downloads, string? reason, CancellationToken ct)
    {
        if (!MayPlay(recording))
            return RecordingFailures.MayNotPlay;
        if (downloads && !MayDownload(recording))
            return RecordingFailures.MayNotDownload;
        if (await NeedsApprovalAsync(recording, ct))
            return RecordingFailures.ApprovalRequired;
        if (!await NeedsReasonAsync(recording, ct))
            return null;
        if (reason is null)
            return RecordingFailures.ReasonRequired;
        await LogLookAsync(recording, "viewed", ct, reason.Trim());
        return null;
    }

    /// <summary>Logs a look. A player asks for many segments; within ten minutes that is one look.</summary>
    public async Task LogLookAsync(Recording recording, string action, CancellationToken ct, string? reason = null)
    {
        var (me, since) = (caller.Id, clock.GetUtcNow() - OneLook);
        if (reason is null && await db.AccessLog.AnyAsync(a => a.RecordingId == recording.Id && a.UserId == me && a.Action == action && a.At > since, ct))
            return;
        Log(recording.Id, action, reason);
        events.Append(db, new RecordingViewed(recording.Id, recording.SessionId, caller.UserId, action));
        await db.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyList<RecordingAnswer>> AnswerAsync(IReadOnlyList<Recording> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Id).ToArray();
        var sums = await db.Segments.Where(s => ids.Contains(s.RecordingId)).GroupBy(s => s.RecordingId)
            .Select(g => new { g.Key, Count = g.Count(), Duration = g.Sum(s => s.DurationMs), Bytes = g.Sum(s => s.Bytes) }).ToDictionaryAsync(s => s.Key, ct);
        return [.. rows.Select(r =>
        {
            var sum = sums.GetValueOrDefault(r.Id);
            return new RecordingAnswer(
                r.Id, r.SessionId, r.SessionName, r.Template, new(r.OwnerId, r.OwnerName), r.State, r.StartedAt, r.StartedByName, r.Reason, r.ByHand, r.EndedAt, r.EndReason, r.StopAt,
                sum?.Count ?? 0, sum?.Duration ?? 0, sum?.Bytes ?? 0, r.HoldReason is not null, SeesAll ? r.HoldReason : null, r.KeepUntil, r.Silent, r.Policy, r.RequireReason, r.RequireApproval,
                MayPlay(r), MayDownload(r), MayStop(r), caller.May(RecordingsPermissions.ManageAll) && r.State == RecordingState.Ended && r.HoldReason is null);
        })];
    }
}
