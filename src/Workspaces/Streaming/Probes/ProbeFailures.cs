using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Probes;

/// <summary>Why nothing could be measured.</summary>
internal static class ProbeFailures
{
    public static readonly Failure NotRunning = new(FailureKind.Conflict, "SESSION_NOT_RUNNING", "The session does not run now. Wake it, then measure again.");

    public static readonly Failure NoControl = new(FailureKind.Denied, "LEVEL_NOT_ALLOWED", "Measuring moves the pointer a little, and your level on this session does not allow that.");

    public static readonly Failure Busy = new(FailureKind.Conflict, "PROBE_RUNNING", "Somebody measures this session already. Wait a few seconds.");

    public static readonly Failure Moves = new(
        FailureKind.Conflict, "PROBE_PICTURE_MOVES", "The picture moves where the pointer is, so the pointer's move cannot be told apart from it. Measure again when that part stands still.");

    public static readonly Failure Unseen = new(
        FailureKind.Conflict, "PROBE_UNSEEN", "The pointer's move did not show in the picture: somebody holds a button down, the pointer is hidden, or this display does not draw it.");

    public static readonly Failure Unreachable = new(FailureKind.Unavailable, "DISPLAY_UNREACHABLE", "The session's display did not answer in time.");
}
