using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Contracts.Sharing;

/// <summary>A session was shared with a person, or the level or end of a share changed.</summary>
/// <param name="Session">The session.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Share">The share.</param>
/// <param name="User">Whom it is shared with.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Level">At which level.</param>
/// <param name="ExpiresAt">When it ends by itself; null: when somebody ends it.</param>
/// <param name="Since">When it was shared first.</param>
/// <param name="Changed">True when the person had a share already.</param>
[Event("session.shared", "A session was shared with a person, or the level or end of a share changed.")]
public sealed record SessionShared(
    SessionId Session, string Name, UserId Owner, ShareId Share, UserId User, string Username, AccessLevel Level, DateTimeOffset? ExpiresAt, DateTimeOffset Since, bool Changed) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Owner;
}

/// <summary>A share ended, for whatever reason: what the person had open through it is cut.</summary>
/// <param name="Session">The session.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Share">The share.</param>
/// <param name="User">Whom it was shared with.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Cause"><c>revoked</c>, <c>left</c>, <c>expired</c>, <c>session_ended</c>, <c>person_locked</c> or <c>person_deleted</c>.</param>
[Event("session.unshared", "A share ended: it was revoked, left, or its time, its person or its session was over.")]
public sealed record SessionUnshared(SessionId Session, string Name, UserId Owner, ShareId Share, UserId User, string Username, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Owner;
}
