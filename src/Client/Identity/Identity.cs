using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>A person with an account.</summary>
public sealed record User
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name to log in with.</summary>
    public required string Username { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Name to show.</summary>
    public string? DisplayName { get; init; }

    /// <summary>active, locked, invited or deleted.</summary>
    public string? State { get; init; }

    /// <summary>Platform roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Everything else the server said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Further { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>Who the caller is.</summary>
/// <param name="User">The person.</param>
/// <param name="Permissions">What they may do.</param>
/// <param name="LoginId">The login of this token.</param>
public sealed record Me(User User, IReadOnlyList<string> Permissions, string? LoginId = null);

/// <summary>Whether the server waits for its first administrator.</summary>
/// <param name="Needed">True: nobody can log in yet.</param>
/// <param name="Version">Version of the server.</param>
public sealed record SetupState(bool Needed, string? Version = null);

/// <summary>Creates the first administrator.</summary>
/// <param name="Code">The one-time code that the server printed.</param>
/// <param name="Username">Name to log in with.</param>
/// <param name="Password">Password.</param>
/// <param name="DisplayName">Name to show.</param>
/// <param name="Email">E-mail address.</param>
public sealed record SetupRequest(string Code, string Username, string Password, string? DisplayName = null, string? Email = null);

/// <summary>A new account.</summary>
/// <param name="Username">Name to log in with.</param>
/// <param name="Password">First password.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="DisplayName">Name to show.</param>
/// <param name="Roles">Platform roles; none given: user.</param>
public sealed record NewUser(string Username, string Password, string? Email = null, string? DisplayName = null, IReadOnlyList<string>? Roles = null);

internal sealed record CreatedUser(User User);

internal sealed record LoginAnswer(string? AccessToken, string? RefreshToken, double? ExpiresIn, User? User)
{
    public Tokens? ToTokens(TimeProvider clock) =>
        AccessToken is null ? null : new Tokens(AccessToken, RefreshToken, ExpiresIn is { } seconds ? clock.GetUtcNow().AddSeconds(seconds) : null);
}
