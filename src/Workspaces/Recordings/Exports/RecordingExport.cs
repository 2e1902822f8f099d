using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Exports;

/// <summary>Where an export stands. On the wire and in the database: the names in lower case.</summary>
public enum ExportState
{
    /// <summary>Waits for a process that has time.</summary>
    Queued,

    /// <summary>Is being made.</summary>
    Running,

    /// <summary>Can be downloaded until it expires.</summary>
    Ready,

    /// <summary>Could not be made; the problem says why.</summary>
    Failed,
}

/// <summary>Why an export failed: stable codes.</summary>
internal static class ExportProblems
{
    public const string DiskFull = "disk_full";
    public const string Encoder = "encoder_failed";
    public const string Missing = "encoder_missing";
    public const string Interrupted = "interrupted";
    public const string Empty = "nothing_recorded";
}

/// <summary>A recording made into a film that any browser plays. One per recording.</summary>
internal sealed class RecordingExport
{
    public RecordingId RecordingId { get; init; }

    public ExportState State { get; private set; }

    public bool SkipIdle { get; init; }

    public UserId AskedBy { get; init; }

    public string AskedByName { get; init; } = "";

    public DateTimeOffset AskedAt { get; init; }

    public int Percent { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>Names the file of the attempt that counts.</summary>
    public Guid? File { get; private set; }

    /// <summary>Sealed; the film's own.</summary>
    public string? Key { get; private set; }

    public long? Bytes { get; private set; }

    public long? DurationMs { get; private set; }

    public int DamagedSegments { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public int Attempts { get; private set; }

    public string? Holder { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public bool Unfinished => State is ExportState.Queued or ExportState.Running;

    /// <summary>Puts an export in line; only of what has ended, for the rest of it would be missing without a word.</summary>
    public static Result<RecordingExport> Ask(Recording recording, bool skipIdle, ICaller caller, DateTimeOffset now) => recording.State == RecordingState.Recording
        ? ExportFailures.StillRecording
        : new RecordingExport { RecordingId = recording.Id, State = ExportState.Queued, SkipIdle = skipIdle, AskedBy = caller.UserId, AskedByName = caller.Name, AskedAt = now };

    public void Finish(string sealedKey, long bytes, long durationMs, int damaged, DateTimeOffset now, TimeSpan keep)
    {
        (State, Percent, Key, Bytes, DurationMs, DamagedSegments) = (ExportState.Ready, 100, sealedKey, bytes, durationMs, damaged);
        (FinishedAt, ExpiresAt, Holder, LeaseUntil) = (now, now + keep, null, null);
    }

    public void Fail(string problem, DateTimeOffset now, TimeSpan keep) =>
        (State, Problem, FinishedAt, ExpiresAt, Holder, LeaseUntil) = (ExportState.Failed, problem, now, now + keep, null, null);

    public RecordingExportMoved Moved(SessionId session, string? state = null) => new(RecordingId, session, AskedBy, state ?? State.ToString().ToLowerInvariant(), Percent);
}
