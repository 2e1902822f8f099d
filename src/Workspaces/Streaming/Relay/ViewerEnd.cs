namespace StreamSpace.Streaming.Relay;

/// <summary>Why a viewer's socket ended; names the guilty side. The codes are part of docs/viewer-protocol.md.</summary>
internal enum ViewerEnd
{
    ViewerWentAway,
    LeftPolitely,
    ServerStopped,
    ProtocolError,
    Resume,
    LoginEnded,
    Revoked,
    Dropped,
    SessionEnded,
    NoAnswer,
    TooManyViewers,
    DisplayWentAway,
    PolicyStopped,
}

internal static class ViewerEnds
{
    public static int CloseCode(this ViewerEnd end) => end switch
    {
        ViewerEnd.ViewerWentAway or ViewerEnd.LeftPolitely => 1000,
        ViewerEnd.ServerStopped => 1001,
        ViewerEnd.ProtocolError => 1002,
        ViewerEnd.Resume => 4205,
        ViewerEnd.LoginEnded => 4401,
        ViewerEnd.Revoked or ViewerEnd.Dropped => 4403,
        ViewerEnd.SessionEnded => 4404,
        ViewerEnd.PolicyStopped => 4406,
        ViewerEnd.NoAnswer => 4408,
        ViewerEnd.TooManyViewers => 4429,
        _ => 4503,
    };

    /// <summary>The value of <c>reason</c> in <c>session.disconnected</c>.</summary>
    public static string EventReason(this ViewerEnd end) => end switch
    {
        ViewerEnd.ViewerWentAway or ViewerEnd.LeftPolitely or ViewerEnd.NoAnswer => "viewer_went_away",
        ViewerEnd.ServerStopped => "server_stopped",
        ViewerEnd.ProtocolError => "protocol_error",
        ViewerEnd.LoginEnded => "login_ended",
        ViewerEnd.Revoked => "revoked",
        ViewerEnd.Dropped => "dropped",
        ViewerEnd.SessionEnded => "session_ended",
        ViewerEnd.PolicyStopped => "policy_stopped",
        _ => "display_went_away",
    };
}
