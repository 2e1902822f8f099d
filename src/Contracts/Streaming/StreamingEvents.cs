using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Contracts.Streaming;

/// <summary>A viewer came.</summary>
/// <param name="Session">The session.</param>
/// <param name="Owner">The session's owner.</param>
/// <param name="Viewer">The viewer.</param>
/// <param name="User">Who looks.</param>
/// <param name="Level">At which level.</param>
/// <param name="Viewers">Viewers of the session now, this one included.</param>
[Event("session.connected", "A viewer connected to a session's display.", Aliases = "user.connected")]
public sealed record SessionConnected(SessionId Session, UserId Owner, ViewerId Viewer, UserId User, AccessLevel Level, int Viewers) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Owner;
}

/// <summary>A viewer went.</summary>
/// <param name="Session">The session.</param>
/// <param name="Owner">The session's owner.</param>
/// <param name="Viewer">The viewer.</param>
/// <param name="User">Who looked.</param>
/// <param name="Reason">Which side ended it: <c>viewer_went_away</c>, <c>display_went_away</c>, <c>revoked</c>, <c>login_ended</c>, <c>session_ended</c>, <c>dropped</c>, <c>server_stopped</c>, <c>policy_stopped</c>, <c>protocol_error</c>.</param>
/// <param name="Viewers">Viewers of the session that remain.</param>
[Event("session.disconnected", "A viewer disconnected from a session's display.", Aliases = "user.disconnected")]
public sealed record SessionDisconnected(SessionId Session, UserId Owner, ViewerId Viewer, UserId User, string Reason, int Viewers) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Owner;
}

/// <summary>Somebody asked that a viewer be disconnected; the replica that holds its socket does it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Owner">The session's owner.</param>
/// <param name="Viewer">The viewer.</param>
/// <param name="User">Who looked.</param>
/// <param name="Politely">True when people disconnected themselves.</param>
[Event("session.viewer.dropped", "A viewer was disconnected by its own person, the session's owner or an administrator.", RealtimeOnly = true)]
public sealed record ViewerDropped(SessionId Session, UserId Owner, ViewerId Viewer, UserId User, bool Politely) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => Owner;
}

/// <summary>What passes for one open viewer changed, because its level or a data protection policy did: its page asks again.</summary>
/// <param name="Session">The session.</param>
/// <param name="Viewer">The viewer.</param>
/// <param name="User">Who looks.</param>
[Event("session.viewer.policy", "What passes for an open viewer changed, because its level or a data protection policy did.", RealtimeOnly = true)]
public sealed record ViewerPolicyChanged(SessionId Session, ViewerId Viewer, UserId User) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Session}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}
