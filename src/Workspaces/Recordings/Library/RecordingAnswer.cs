using StreamSpace.Contracts;

namespace StreamSpace.Recordings.Library;

/// <summary>A recording as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SessionId">Of which session.</param>
/// <param name="SessionName">That session's name.</param>
/// <param name="Template">That session's template.</param>
/// <param name="Owner">That session's owner.</param>
/// <param name="State">recording, ended or deleted.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="StartedBy">User name of who started it.</param>
/// <param name="Reason">Why it was made; null when nobody said.</param>
/// <param name="ByHand">A person started it.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
/// <param name="EndReason">stopped, time_over, policy or session_ended.</param>
/// <param name="StopAt">When it ends by itself; null when nobody said.</param>
/// <param name="Segments">How many segments there are.</param>
/// <param name="DurationMs">How long it plays.</param>
/// <param name="Bytes">Bytes of all segments.</param>
/// <param name="Held">It must not be deleted.</param>
/// <param name="HoldReason">Why; for those who see everybody's recordings.</param>
/// <param name="KeepUntil">When it is deleted; null while that is not known.</param>
/// <param name="Silent">The owner is not told of it.</param>
/// <param name="Policy">Name of the policy behind it; null when there is none.</param>
/// <param name="RequireReason">Whoever looks must say why.</param>
/// <param name="RequireApproval">Whoever looks needs another person's approval.</param>
/// <param name="MayPlay">The caller may play it.</param>
/// <param name="MayDownload">The caller may download it.</param>
/// <param name="MayStop">The caller may stop it.</param>
/// <param name="MayDelete">The caller may delete it.</param>
public sealed record RecordingAnswer(
    RecordingId Id, SessionId SessionId, string SessionName, string Template, RecordingPerson Owner, RecordingState State, DateTimeOffset StartedAt, string StartedBy, string? Reason,
    bool ByHand, DateTimeOffset? EndedAt, string? EndReason, DateTimeOffset? StopAt, int Segments, long DurationMs, long Bytes, bool Held, string? HoldReason, DateTimeOffset? KeepUntil, bool Silent, string? Policy, bool RequireReason, bool RequireApproval,
    bool MayPlay, bool MayDownload, bool MayStop, bool MayDelete);

/// <summary>Whose session it was.</summary>
public sealed record RecordingPerson(UserId Id, string Username);
