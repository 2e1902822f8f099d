namespace StreamSpace.Contracts.Sessions;

/// <summary>Hands out what is needed to speak to a session's display. Answered by the Sessions module; asked by the stream proxy alone.</summary>
public interface ISessionDisplays
{
    /// <summary>The way to the display of a running or frozen session. Null when it has none now.</summary>
    Task<DisplayAccess?> FindAsync(SessionId session, CancellationToken ct);
}

/// <summary>The way to a display.</summary>
/// <param name="Runtime">Whose <see cref="Runtimes.ISessionRuntime.OpenDisplayAsync"/> opens the byte stream.</param>
/// <param name="Generation">See <see cref="SessionFacts.Generation"/>.</param>
/// <param name="Password">The VNC password, decrypted. Never leaves the server, never logged.</param>
public sealed record DisplayAccess(string Runtime, int Generation, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Runtime} #{Generation}";
}
