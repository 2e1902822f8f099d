using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Exports;

/// <summary>Every way in which something with exports can fail.</summary>
internal static class ExportFailures
{
    public static readonly Failure Missing = Failure.Missing("export");

    public static readonly Failure NotInstalled = new(
        FailureKind.Unavailable, "EXPORT_NOT_INSTALLED", "This server cannot make films: the program ffmpeg is not installed on it. Ask an administrator to install the package ffmpeg.");

    public static readonly Failure StillRecording = new(FailureKind.Conflict, "STILL_RECORDING", "The recording still goes on. Stop it first, then export it.");

    public static readonly Failure Running = new(FailureKind.Conflict, "EXPORT_RUNNING", "This recording is being exported already. Wait for it, or cancel it first.");

    public static readonly Failure NotReady = new(FailureKind.Conflict, "EXPORT_NOT_READY", "The export is not finished.");

    public static readonly Failure NotYours = new(FailureKind.Denied, "NOT_YOURS_TO_CANCEL", "Somebody else asked for this export; only they or an administrator may cancel or remove it.");

    public static readonly Failure TooMany = new(FailureKind.Refused, "TOO_MANY_EXPORTS", "You have as many exports in line as one person may have. Wait for one of them, or cancel it.");
}
