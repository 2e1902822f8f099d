namespace StreamSpace.Contracts.Identity;

/// <summary>A person got an account.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="DisplayName">What people call them.</param>
/// <param name="Roles">Their platform roles.</param>
[Event("user.created", "A person got an account.")]
public sealed record UserCreated(UserId User, string Username, string DisplayName, IReadOnlyList<string> Roles) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person's account changed.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Fields">Names of the fields that changed: <c>roles</c>, <c>password</c>, <c>state</c>, <c>preferences</c>, …</param>
[Event("user.updated", "A person's account changed.")]
public sealed record UserUpdated(UserId User, string Username, IReadOnlyList<string> Fields) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person's account was deleted; whatever they own goes with it.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
[Event("user.deleted", "A person's account was deleted; whatever they own goes with it.")]
public sealed record UserDeleted(UserId User, string Username) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person was locked out, by an administrator or after too many failed logins.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Reason"><c>administrator</c> or <c>failed_logins</c>.</param>
/// <param name="Until">When the lock ends by itself; null: when an administrator lifts it.</param>
[Event("user.locked", "A person was locked out, by an administrator or after too many failed logins.")]
public sealed record UserLocked(UserId User, string Username, string Reason, DateTimeOffset? Until) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person logged in.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Login">The new login.</param>
/// <param name="Device">Browser and system, or the program.</param>
/// <param name="Address">Where from.</param>
[Event("user.login", "A person logged in.")]
public sealed record UserLoggedIn(UserId User, string Username, LoginId Login, string Device, string? Address) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person logged out.</summary>
/// <param name="User">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Login">The login that ended.</param>
[Event("user.logout", "A person logged out.")]
public sealed record UserLoggedOut(UserId User, string Username, LoginId Login) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>Somebody failed to log in.</summary>
/// <param name="User">The person whose name was given; null when there is none of that name.</param>
/// <param name="Reason"><c>credentials</c>, <c>locked</c> or <c>throttled</c>.</param>
/// <param name="Address">Where from.</param>
[Event("user.login.failed", "Somebody failed to log in.")]
public sealed record UserLoginFailed(UserId? User, string Reason, string? Address) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User?.ToString() ?? "unknown"}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A login ended, for whatever reason: viewers and sockets that came with it are cut.</summary>
/// <param name="User">The person.</param>
/// <param name="Login">The login that ended.</param>
/// <param name="Reason">Why.</param>
[Event("login.ended", "A login ended; everything that was opened with it is cut.", RealtimeOnly = true)]
public sealed record LoginEnded(UserId User, LoginId Login, LoginEnd Reason) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"login:{Login}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>Why a login ended.</summary>
public enum LoginEnd
{
    /// <summary>The person logged out.</summary>
    LoggedOut,

    /// <summary>The person ended it from another device.</summary>
    Revoked,

    /// <summary>The same browser logged in anew.</summary>
    Replaced,

    /// <summary>The person's password changed.</summary>
    PasswordChanged,

    /// <summary>An administrator ended it.</summary>
    Forced,

    /// <summary>The person was locked.</summary>
    Locked,

    /// <summary>The person was deleted.</summary>
    Deleted,

    /// <summary>A refresh token was used a second time: one of the two users stole it.</summary>
    TokenReused,

    /// <summary>Its time was over.</summary>
    Expired,
}
