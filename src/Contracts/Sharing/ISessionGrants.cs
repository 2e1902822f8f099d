using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Contracts.Sharing;

/// <summary>
/// Answers which sessions of other people a person may look at. The Sessions module asks it beside what owners and administrators may; whatever gives people access
/// (shares today) is added up behind it. Asked on each request and each change of rights: cheap, and exact by the clock. Answered by the Sharing module.
/// </summary>
public interface ISessionGrants
{
    /// <summary>The highest access a person was given to one session, as of now. Null when there is none.</summary>
    Task<SessionGrant?> FindAsync(SessionId session, UserId user, CancellationToken ct);

    /// <summary>Every session a person was given access to, as of now; each once, at the highest level.</summary>
    Task<IReadOnlyList<SessionGrant>> ListAsync(UserId user, CancellationToken ct);
}

/// <summary>Access to somebody else's session.</summary>
/// <param name="Session">The session.</param>
/// <param name="Level">What the person may do with its display. Never more than that: no files, no change of the session.</param>
/// <param name="Since">What happened before is not theirs to hear of.</param>
/// <param name="Until">When it ends by itself; null: when somebody ends it.</param>
/// <param name="Share">The share it comes from.</param>
/// <param name="Note">What was said to the person; null for nothing.</param>
public sealed record SessionGrant(SessionId Session, AccessLevel Level, DateTimeOffset Since, DateTimeOffset? Until, ShareId Share, string? Note);
