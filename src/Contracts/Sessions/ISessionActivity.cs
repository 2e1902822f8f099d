namespace StreamSpace.Contracts.Sessions;

/// <summary>Hears that a session is in use, for the decision when to freeze and hibernate it. Answered by the Sessions module.</summary>
public interface ISessionActivity
{
    /// <summary>
    /// A person typed into or pointed at the session through a viewer. Called at most once per 5 s, session and replica;
    /// viewers coming and going are told by the events <c>session.connected</c> and <c>session.disconnected</c> instead.
    /// </summary>
    Task InputSeenAsync(SessionId session, UserId by, CancellationToken ct);

    /// <summary>
    /// The session's picture has been moving for some seconds while somebody looked on (a film, not a clock or a cursor). Told again every few
    /// seconds while it goes on, per replica; never without a viewer.
    /// </summary>
    Task PictureMovesAsync(SessionId session, CancellationToken ct);
}
