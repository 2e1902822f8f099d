using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Tickets;

/// <summary>Who gets a ticket, at which level; and the ways it is refused.</summary>
internal static class TicketRules
{
    public static readonly Failure NeedsLogin = new(FailureKind.Denied, "LOGIN_NEEDED", "A stream belongs to a login; this caller has none.");

    public static readonly Failure NotShared = new(FailureKind.Denied, "LEVEL_NOT_ALLOWED", "You may not look at this session's display.");

    public static readonly Failure Over = new(FailureKind.Conflict, "SESSION_OVER", "The session has ended.");

    public static Result<AccessLevel> Decide(SessionSight sight, AccessLevel? wanted, int looking, int most)
    {
        if (sight.Level is not { } own)
            return NotShared;
        if (wanted > own)
            return new Failure(FailureKind.Denied, "LEVEL_NOT_ALLOWED", $"Your level on this session is {Levels.ToText(own)}.", new { level = Levels.ToText(own) });
        if (sight.Session.Phase is SessionPhase.Terminating or SessionPhase.Terminated)
            return Over;
        if (looking >= most)
            return TooMany(most);
        return wanted ?? own;
    }

    public static Failure TooMany(int most) => new(
        FailureKind.Exhausted, "TOO_MANY_VIEWERS", $"At most {most} viewers may look at one session; all places are taken.", new { limit = most }, TimeSpan.FromSeconds(10));

    /// <summary>Null when the session is there or comes.</summary>
    public static Failure? Of(WakeAnswer answer, SessionFacts session) => answer switch
    {
        WakeAnswer.Failed => new(
            FailureKind.Conflict, "SESSION_FAILED", session.Message ?? "The session failed. Start it again.", new { reason = session.Reason ?? "" }),
        WakeAnswer.Gone => Over,
        _ => null,
    };
}
