namespace StreamSpace.Contracts.Identity;

/// <summary>Answers whether a login still holds. Asked when a viewer connects and again whenever something changed about people or logins. Answered by the Identity module.</summary>
public interface ILoginDirectory
{
    /// <summary>The login with its person, as of now. Null when it ended, expired or was revoked, or the person was locked or deleted.</summary>
    Task<LoginFacts?> FindAsync(LoginId login, CancellationToken ct);
}

/// <summary>A login that holds.</summary>
/// <param name="Login">The login.</param>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="DisplayName">What people call them.</param>
/// <param name="Permissions">Every permission they hold now.</param>
/// <param name="Email">Their e-mail address; empty when they have none.</param>
public sealed record LoginFacts(LoginId Login, UserId User, string Username, string DisplayName, IReadOnlySet<string> Permissions, string Email = "");
