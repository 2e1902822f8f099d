using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>One person's access to one session of somebody else. No input or output here.</summary>
internal sealed class Share
{
    public const int LongestNote = 200;

    public ShareId Id { get; init; }

    public SessionId SessionId { get; init; }

    public UserId OwnerId { get; init; }

    public UserId UserId { get; init; }

    public AccessLevel Level { get; private set; }

    public UserId CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public string? Note { get; private set; }

    /// <summary>Whether a person may share a session with another at a level; null when so.</summary>
    /// <param name="sight">The session as the person sees it.</param>
    /// <param name="by">Who shares.</param>
    /// <param name="with">With whom.</param>
    /// <param name="level">At which level.</param>
    public static Failure? Check(SessionSight sight, UserId by, UserFacts with, AccessLevel level)
    {
        if (!MayShare(sight, by))
            return ShareFailures.NotYours;
        if (sight.Session.Phase is SessionPhase.Terminating or SessionPhase.Terminated)
            return ShareFailures.Over(sight.Session.Name);
        if (!(sight.Level >= level))
            return ShareFailures.LevelTooHigh(sight.Level);
        if (with.Id == by)
            return ShareFailures.WithOneself;
        if (with.Id == sight.Session.Owner)
            return ShareFailures.WithOwner(with.Username);
        return with.State == UserState.Active ? null : ShareFailures.Locked(with.Username);
    }

    /// <summary>The owner may, and who manages the session instead of them.</summary>
    public static bool MayShare(SessionSight sight, UserId by) => !sight.ByShare && (sight.Session.Owner == by || sight.Manages);

    public static Share Give(SessionFacts session, UserId with, Terms terms, UserId by, DateTimeOffset now) => new()
    {
        Id = ShareId.New(), SessionId = session.Id, OwnerId = session.Owner, UserId = with, Level = terms.Level, CreatedBy = by, CreatedAt = now, ExpiresAt = terms.ExpiresAt, Note = terms.Note,
    };

    /// <summary>What is said last counts as a whole. False when nothing changes.</summary>
    public bool Change(Terms terms)
    {
        if (terms == new Terms(Level, ExpiresAt, Note))
            return false;
        (Level, ExpiresAt, Note) = (terms.Level, terms.ExpiresAt, terms.Note);
        return true;
    }

    public SessionShared Told(string session, string username, bool changed) => new(SessionId, session, OwnerId, Id, UserId, username, Level, ExpiresAt, CreatedAt, changed);

    public SessionUnshared Ended(string session, string username, string cause) => new(SessionId, session, OwnerId, Id, UserId, username, cause);
}

/// <summary>What a share gives, until when, and what is said about it.</summary>
internal sealed record Terms(AccessLevel Level, DateTimeOffset? ExpiresAt, string? Note)
{
    /// <summary>Reads what the caller wrote.</summary>
    public static Result<Terms> Read(ShareSession.Request request, TimeSpan longest, DateTimeOffset now)
    {
        if (Levels.Parse(request.Level) is not { } level)
            return Failure.Field("level", "must be view, collaborate or control.");
        var end = EndOf(request, longest, now);
        if (!end.Ok)
            return end.Failure;
        var note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim();
        if (note?.Length > Share.LongestNote)
            return Failure.Field("note", $"may have at most {Share.LongestNote} characters.");
        if (note?.Any(char.IsControl) == true)
            return Failure.Field("note", "must not contain control characters.");
        return new Terms(level, end.Value, note);
    }

    private static Result<DateTimeOffset?> EndOf(ShareSession.Request request, TimeSpan longest, DateTimeOffset now)
    {
        if (request is { ExpiresIn: not null, ExpiresAt: not null })
            return Failure.Field("expires_in", "cannot be together with expires_at; say one of them.");
        if (request.ExpiresIn is { } text)
        {
            if (!Duration.TryParse(text, out var length))
                return Failure.Field("expires_in", "must be a duration such as 30m, 8h or 7d.");
            return length > longest ? ShareFailures.TooLong("expires_in", longest) : At(now + length);
        }

        if (request.ExpiresAt?.ToUniversalTime() is not { } at)
            return (DateTimeOffset?)null;
        if (at <= now)
            return ShareFailures.Past;
        return at - now > longest ? ShareFailures.TooLong("expires_at", longest) : At(at);
    }

    // As exact as the database keeps it, so that the same end said again is the same.
    private static DateTimeOffset? At(DateTimeOffset time) => new DateTimeOffset(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
