using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Policies;

/// <summary>Begins a recording because a policy says so.</summary>
internal sealed class PolicyBeginner(RecordingsDb db, SegmentShelf shelf, RecorderCrew crew, IEventLog events, ICaller caller, TimeProvider clock)
{
    /// <summary>Does nothing where the session is recorded in the same way already, or has ended.</summary>
    public async Task BeginAsync(RecordedSession session, RecordingPolicy policy, CancellationToken ct)
    {
        if (await db.Recordings.AnyAsync(r => r.SessionId == session.Id && r.State == RecordingState.Recording && r.Silent == policy.Silent, ct))
            return;
        var begun = Recording.Start(session, caller, null, policy.Terms, shelf.NewKey(), clock.GetUtcNow());
        if (!begun.Ok)
            return;
        begun.Value.Follow(policy.Id, policy.Terms);
        db.Add(begun.Value);
        events.Append(db, begun.Value.Started(policy.NotifyOnRecording));
        try
        {
            await db.SaveChangesAsync(ct);
            crew.Ring();
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            db.ChangeTracker.Clear(); // somebody began by hand in the same moment
        }
    }
}
