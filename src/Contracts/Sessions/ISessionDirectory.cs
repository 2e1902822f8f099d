namespace StreamSpace.Contracts.Sessions;

/// <summary>Answers who a session belongs to, what it is, and what a person may do with it. Cheap: asked on each request and on each change of rights. Answered by the Sessions module.</summary>
public interface ISessionDirectory
{
    /// <summary>Finds a session as one person sees it. Null when there is none or the person may not know of it.</summary>
    /// <param name="session">Id, or name among the person's own sessions.</param>
    /// <param name="user">The person who asks.</param>
    /// <param name="may">Tells whether that person holds a permission; the directory knows which permissions widen the view.</param>
    /// <param name="ct">Ends the wait.</param>
    Task<SessionSight?> FindAsync(SessionRef session, UserId user, Func<string, bool> may, CancellationToken ct);

    /// <summary>Finds a session for the platform itself. Null when there is none.</summary>
    Task<SessionFacts?> FindAsync(SessionId session, CancellationToken ct);

    /// <summary>Sessions whose processes are there (running, freezing or frozen), in a lasting order, a page at a time; for the platform itself.</summary>
    /// <param name="after">The last one of the page before; null to begin.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="ct">Ends the wait.</param>
    Task<IReadOnlyList<SessionFacts>> ListUpAsync(SessionFacts? after, int limit, CancellationToken ct);
}

/// <summary>A session, as the rest of the house needs to know it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its DNS label, unique per owner.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Template">Name of its template.</param>
/// <param name="Runtime">Name of the runtime it is bound to, as in <see cref="Runtimes.ISessionRuntime.Name"/>; empty while it is bound to none.</param>
/// <param name="Phase">What it is now.</param>
/// <param name="Reason">Stable code of why it failed; null when it did not.</param>
/// <param name="Message">A sentence for a person; null when there is nothing to say.</param>
/// <param name="Generation">Counts the starts of its processes: a display opened in one generation is gone in the next.</param>
/// <param name="Team">Its team; null for none.</param>
public sealed record SessionFacts(
    SessionId Id, string Name, UserId Owner, string Template, string Runtime, SessionPhase Phase, string? Reason, string? Message, int Generation, Guid? Team = null);

/// <summary>A session with what the asking person may do.</summary>
/// <param name="Session">The session.</param>
/// <param name="Level">Their level on its display; null when they may know of it but not look at it.</param>
/// <param name="Manages">True when they may change it, end it and drop its viewers (owner, administrator).</param>
/// <param name="ByShare">True when their level comes from a share: the display is theirs to look at, nothing else of the session.</param>
public sealed record SessionSight(SessionFacts Session, AccessLevel? Level, bool Manages, bool ByShare = false);
