using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Library;

/// <summary>Every way in which something with recordings can fail.</summary>
internal static class RecordingFailures
{
    public static readonly Failure Missing = Failure.Missing("recording");

    public static readonly Failure NoSession = Failure.Missing("session");

    public static readonly Failure NoSegment = Failure.Missing("segment");

    public static readonly Failure SessionOver = new(FailureKind.Conflict, "SESSION_ENDED", "The session has ended; there is nothing to record.");

    public static readonly Failure Already = new(FailureKind.Conflict, "ALREADY_RECORDED", "The session is being recorded already.");

    public static readonly Failure NotRecorded = new(FailureKind.Conflict, "NOT_RECORDED", "The session is not being recorded.");

    public static readonly Failure NotYours = new(FailureKind.Denied, "NOT_ALLOWED", "Only the session's owner or an administrator may record it.");

    public static readonly Failure NotYoursToStop = new(FailureKind.Denied, "NOT_YOURS_TO_STOP", "Somebody else started this recording; only they or an administrator may stop it.");

    public static readonly Failure MayNotPlay = new(FailureKind.Denied, "PLAYBACK_NOT_ALLOWED", "This recording may not be played by the session's owner.");

    public static readonly Failure MayNotDownload = new(FailureKind.Denied, "DOWNLOAD_NOT_ALLOWED", "This recording may not be downloaded by the session's owner.");

    public static readonly Failure ReasonRequired = new(FailureKind.Denied, "REASON_REQUIRED", "This recording may be looked at only by who says why: list its segments with a reason first.");

    public static readonly Failure ApprovalRequired = new(
        FailureKind.Denied, "APPROVAL_REQUIRED", "This recording may be looked at only when another person agrees: ask for it (POST /recordings/{id}/access-requests) and wait for the answer.");

    public static readonly Failure StillRecording = new(FailureKind.Conflict, "STILL_RECORDING", "The recording still goes on. Stop it first.");

    public static readonly Failure Held = new(FailureKind.Conflict, "RECORDING_HELD", "The recording is on hold and cannot be deleted. Release the hold first.");

    public static readonly Failure NotUploaded = new(
        FailureKind.Unavailable, "SEGMENT_NOT_UPLOADED", "This part lies on another server's disk and was not uploaded yet. Try again in a moment.", RetryAfter: TimeSpan.FromSeconds(10));

    public static readonly Failure StoreAway = new(
        FailureKind.Unavailable, "RECORDING_STORE_AWAY", "The store of recordings does not answer now. Nothing is lost; try again in a moment.", RetryAfter: TimeSpan.FromSeconds(10));
}
