using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Approvals;

/// <summary>A request to look, as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Recording">What to look at.</param>
/// <param name="SessionName">Name of the session that was recorded.</param>
/// <param name="Owner">User name of that session's owner.</param>
/// <param name="User">User name of who asks.</param>
/// <param name="Reason">Why.</param>
/// <param name="Hours">For how long.</param>
/// <param name="AskedAt">When.</param>
/// <param name="State">pending, approved, denied or expired.</param>
/// <param name="DecidedBy">User name of who decided; null while nobody has.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="Note">What they said to it.</param>
/// <param name="ExpiresAt">Until when the person may look.</param>
/// <param name="Mine">The caller asked.</param>
/// <param name="MayDecide">The caller may decide.</param>
public sealed record AccessAnswer(
    Guid Id, RecordingId Recording, string SessionName, string Owner, string User, string Reason, int Hours, DateTimeOffset AskedAt, AccessState State, string? DecidedBy,
    DateTimeOffset? DecidedAt, string? Note, DateTimeOffset? ExpiresAt, bool Mine, bool MayDecide)
{
    internal static AccessAnswer Of(AccessRequest r, Recording recording, ICaller caller, DateTimeOffset now) => new(
        r.Id, r.RecordingId, recording.SessionName, recording.OwnerName, r.UserName, r.Reason, r.Hours, r.AskedAt, r.At(now), r.DecidedByName, r.DecidedAt, r.Note, r.ExpiresAt,
        r.UserId == caller.Id, r.UserId != caller.Id && caller.May(RecordingsPermissions.Approve));
}
