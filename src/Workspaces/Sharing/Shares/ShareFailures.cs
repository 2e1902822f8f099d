using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>Every way that sharing is refused.</summary>
internal static class ShareFailures
{
    public static readonly Failure NoSession = Failure.Missing("session");

    public static readonly Failure Missing = Failure.Missing("share");

    public static readonly Failure NotYours = new(FailureKind.Denied, "NOT_ALLOWED", "You may look at this session but not share it: its owner does.");

    public static readonly Failure WithOneself = new(FailureKind.Conflict, "SHARED_WITH_ONESELF", "That is you. Name another person.");

    public static readonly Failure Past = Expiry("expires_at", "is in the past; name a later time, or leave it out to share until you end it.");

    public static Failure WithOwner(string username) => new(FailureKind.Conflict, "ALREADY_OWNER", $"{username} owns this session. Name another person.");

    public static Failure Over(string name) => new(FailureKind.Conflict, "SESSION_ENDED", $"The session {name} has ended; there is nothing left to share.");

    public static Failure Locked(string username) => new(FailureKind.Conflict, "PERSON_LOCKED", $"{username} cannot log in at the moment. Ask an administrator, or name another person.");

    /// <summary>The text does not repeat what was typed beyond the field's name: it may end up in logs.</summary>
    public static Failure NoSuchPerson(string field) =>
        new(FailureKind.Missing, "USER_NOT_FOUND", "There is nobody of that name here. Check the spelling of the user name or e-mail address.", new FieldIssue(field, "names nobody."));

    public static Failure LevelTooHigh(AccessLevel? own) => new(
        FailureKind.Denied, "LEVEL_NOT_ALLOWED", $"Nobody gives more than they have: your level on this session is {(own is { } level ? Levels.ToText(level) : "none")}.",
        new FieldIssue("level", "is above your own."));

    public static Failure TooLong(string field, TimeSpan longest) => Expiry(field, $"may be at most {Duration.Write(longest)} from now.");

    private static Failure Expiry(string field, string issue) => new(FailureKind.Refused, "EXPIRY_NOT_ALLOWED", $"{field}: {issue}", new FieldIssue(field, issue));
}
