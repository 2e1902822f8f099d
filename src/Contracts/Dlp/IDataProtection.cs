namespace StreamSpace.Contracts.Dlp;

/// <summary>Answers what data protection policies say, looks through texts, and takes reports of what was blocked. Answered by the Dlp module, asked by whoever moves data.</summary>
public interface IDataProtection
{
    /// <summary>
    /// The policy of each subject, in their order; null where no policy applies. Reads the policies once for all. After the event
    /// <see cref="DlpPoliciesChanged"/>, and after people came into a team or left it, the answer is the new one.
    /// </summary>
    Task<IReadOnlyList<StreamPolicy?>> FindAsync(IReadOnlyList<PolicySubject> subjects, CancellationToken ct);

    /// <summary>
    /// Looks through a text. The gravest finding first decides: a block before a warning, null when nothing was found. A pattern that takes too
    /// long counts as found, and says so. Costs processor time, bounded by the text's length and the patterns' timeout.
    /// </summary>
    ContentFinding? Inspect(IReadOnlyList<ContentRule> rules, string text);

    /// <summary>Takes a report; never waits and never fails. It becomes an event and, unless it was allowed, a violation.</summary>
    void Report(StreamIncident incident);
}

/// <summary>Whom a policy may be about.</summary>
/// <param name="User">The person who looks or moves data.</param>
/// <param name="Teams">Teams that count besides those the person is in: the session's.</param>
/// <param name="Template">Name of the session's template; empty when it is not known.</param>
/// <param name="Session">The session.</param>
public sealed record PolicySubject(UserId User, IReadOnlyList<Guid> Teams, string Template, SessionId Session);

/// <summary>Something was found in a text.</summary>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Matches">How often, counted up to a hundred.</param>
/// <param name="TimedOut">The pattern did not come to an end in time, so that nobody can say.</param>
public sealed record ContentFinding(ContentRule Rule, int Matches, bool TimedOut);

/// <summary>Something was blocked, warned about, or let pass and remembered.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Channel">What it was about.</param>
/// <param name="Reason">Which rule.</param>
/// <param name="Policy">The policy that decided.</param>
/// <param name="Session">The session.</param>
/// <param name="Owner">Whose session.</param>
/// <param name="User">Who did it.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Viewer">By which viewer; null when none.</param>
/// <param name="At">When.</param>
/// <param name="Bytes">How much; 0 where that means nothing.</param>
/// <param name="Format">MIME type; empty where that means nothing.</param>
/// <param name="Finding">Name of what was found; null where nothing was looked for.</param>
/// <param name="Matches">How often it was found.</param>
/// <param name="Times">How many such incidents stand behind this one report; more than 1 when they come too fast to be reported one by one.</param>
/// <param name="Content">The beginning of the text, where the policy says that it is kept; else null.</param>
/// <param name="File">Name of the file; null where there is none.</param>
/// <param name="Template">Name of the session's template; empty when it is not known.</param>
public sealed record StreamIncident(
    IncidentOutcome Outcome, DlpChannel Channel, IncidentReason Reason, PolicyRef Policy, SessionId Session, UserId Owner, UserId User, string Username, ViewerId? Viewer,
    DateTimeOffset At, long Bytes, string Format, string? Finding, int Matches, int Times, string? Content, string Template = "", string? File = null);

/// <summary>What became of it.</summary>
public enum IncidentOutcome
{
    /// <summary>It passed and is remembered, because the policy says so.</summary>
    Allowed,

    /// <summary>It passed, and a rule found something.</summary>
    Warned,

    /// <summary>It did not pass.</summary>
    Blocked,
}

/// <summary>The way data takes.</summary>
public enum DlpChannel
{
    /// <summary>From the viewer's clipboard into the session.</summary>
    ClipboardIn,

    /// <summary>From the session's clipboard to the viewer.</summary>
    ClipboardOut,

    /// <summary>Keys.</summary>
    Keyboard,

    /// <summary>The pointer.</summary>
    Pointer,

    /// <summary>Files into the session.</summary>
    FileUpload,

    /// <summary>Files out of the session.</summary>
    FileDownload,

    /// <summary>The picture, that is shown under a watermark only.</summary>
    Watermark,
}

/// <summary>Which rule it was.</summary>
public enum IncidentReason
{
    /// <summary>None: it is only remembered.</summary>
    Audited,

    /// <summary>This way is closed.</summary>
    NotAllowed,

    /// <summary>Too large.</summary>
    Size,

    /// <summary>Too often.</summary>
    Rate,

    /// <summary>A type that does not pass.</summary>
    Format,

    /// <summary>Something was found in it.</summary>
    Content,

    /// <summary>It could not be read, so that nobody can say what is in it.</summary>
    Unreadable,

    /// <summary>Outside the visible region.</summary>
    Region,

    /// <summary>The virus scanner found something.</summary>
    Infected,

    /// <summary>The virus scanner could not look at it.</summary>
    Unscanned,

    /// <summary>The watermark was removed, hidden, changed or covered in the viewer.</summary>
    Tampered,

    /// <summary>The viewer did not confirm that the watermark stands.</summary>
    Unconfirmed,
}
