namespace StreamSpace.Contracts.Streaming;

/// <summary>Hears how much is typed and clicked in a session, never what. Called on the path of every viewer's input: it must only count. Answered by the Recordings module.</summary>
public interface ISessionTap
{
    /// <summary>Keys and pointer buttons were pressed.</summary>
    void Pressed(SessionId session, UserId by, int presses);

    /// <summary>A viewer's clipboard came into the session: so many bytes, never which.</summary>
    void Pasted(SessionId session, UserId by, long bytes);
}
