using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>Every way that work on a session's files is refused.</summary>
internal static class FileFailures
{
    public static readonly Failure NotYours = new(FailureKind.Denied, "NOT_ALLOWED", "Only the session's owner may work with its files.");

    public static readonly Failure CutOff = new(FailureKind.Invalid, "UPLOAD_INCOMPLETE", "The upload ended before all of it had arrived. Nothing was changed; send it again.");

    public static readonly Failure NoWaitingRoom = new(
        FailureKind.Unavailable, "NO_ROOM", "The server has no room to hold the file until it is checked. Try again later.", RetryAfter: TimeSpan.FromMinutes(1));

    public static Failure Asleep(string name, SessionPhase phase) =>
        new(FailureKind.Conflict, "SESSION_ASLEEP", $"The session {name} is {phase.ToString().ToLowerInvariant()}. Wake it to reach its files.", new { phase = phase.ToString().ToLowerInvariant(), wake = true });

    public static Failure NotUp(string name, SessionPhase phase) =>
        new(FailureKind.Conflict, "SESSION_NOT_RUNNING", $"The session {name} is {phase.ToString().ToLowerInvariant()}; its files can be reached while it runs.", new { phase = phase.ToString().ToLowerInvariant(), wake = false });

    public static Failure TooLarge(long limit, string? policy) =>
        new(FailureKind.TooLarge, "FILE_TOO_LARGE", policy is null ? $"A file may have at most {limit} bytes." : $"The policy “{policy}” lets files of at most {limit} bytes pass.", new { limit, policy });

    public static Failure TooMany(int limit) => new(
        FailureKind.Exhausted, "TOO_MANY_TRANSFERS", $"At most {limit} files may be on their way at once for one person. Wait until one has arrived.", new { limit }, TimeSpan.FromSeconds(5));

    /// <summary>What the border found, for the person.</summary>
    public static Failure Blocked(FileFinding found, FileRules rules) => found.Reason == IncidentReason.Size
        ? TooLarge(rules.MaxBytes.Value ?? 0, found.By.Name)
        : new(
            FailureKind.Refused,
            found.Reason switch { IncidentReason.Infected => "FILE_INFECTED", IncidentReason.Unscanned => "FILE_NOT_SCANNED", _ => "DLP_BLOCKED" },
            found.Why,
            new { reason = ReasonOf(found.Reason), policy = found.By.Name, finding = found.Finding });

    /// <summary>What a runtime said, in the words of the request.</summary>
    public static Failure Of(RuntimeFailure failure, string runtime, string field = "path") => failure.Reason switch
    {
        RuntimeReasons.NoSuchFile => Failure.Missing("file") with { Text = failure.Message, Details = new FieldIssue(field, "does not exist.") },
        RuntimeReasons.FileExists => new(FailureKind.Conflict, "FILE_EXISTS", failure.Message, new FieldIssue(field, "is there already, or is not empty.")),
        RuntimeReasons.BadPath => Failure.Field(field, failure.Message),
        RuntimeReasons.NoRoom => new(FailureKind.Refused, "NO_ROOM_IN_SESSION", failure.Message),
        RuntimeReasons.WrongState => new(FailureKind.Conflict, "SESSION_NOT_RUNNING", failure.Message, new { wake = false }),
        _ => new(FailureKind.Unavailable, "RUNTIME_UNAVAILABLE", $"The runtime {runtime} does not answer. {failure.Message}", new { runtime }, TimeSpan.FromSeconds(10)),
    };

    private static string ReasonOf(IncidentReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
