namespace StreamSpace.Contracts.Identity;

/// <summary>The one-time code that guards the set-up of the first administrator. Answered by the Identity module.</summary>
public interface ISetupCode
{
    /// <summary>The code to show to whoever started the server; every replica gets the same. Null once there is an administrator.</summary>
    Task<string?> FindAsync(CancellationToken ct);
}
