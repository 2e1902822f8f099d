using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>A person with an account.</summary>
internal sealed class User
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public string? Email { get; private set; }

    public required string DisplayName { get; set; }

    public UserState State { get; private set; }

    public List<string> Roles { get; private set; } = [];

    public List<string> Sources { get; private set; } = [];

    public string Locale { get; set; } = "en";

    public string TimeZone { get; set; } = "UTC";

    public string? PasswordHash { get; private set; }

    public bool MustChangePassword { get; private set; }

    public string? LockReason { get; private set; }

    public string Preferences { get; set; } = "{}";

    public DateTimeOffset? LastLoginAt { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    public int Version { get; private set; } = 1;

    public static User Create(string username, string? displayName, string? email, IEnumerable<string> roles, string passwordHash, bool mustChangePassword, DateTimeOffset now) => new()
    {
        Id = UserId.New(),
        Username = Names.Of(username),
        DisplayName = string.IsNullOrWhiteSpace(displayName) ? username.Trim() : displayName.Trim(),
        Email = Names.OfEmail(email),
        State = UserState.Active,
        Roles = [.. roles.Distinct().Order(StringComparer.Ordinal)],
        Sources = ["local"],
        PasswordHash = passwordHash,
        MustChangePassword = mustChangePassword,
        CreatedAt = now,
        UpdatedAt = now,
    };

    public void ChangeEmail(string? email) => Email = Names.OfEmail(email);

    public void ChangeRoles(IEnumerable<string> roles) => Roles = [.. roles.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A new password, either the person's own or one that is only good for the next login.</summary>
    public void ChangePassword(string hash, bool temporary)
    {
        PasswordHash = hash;
        MustChangePassword = temporary;
    }

    public Result<User> Lock(string? reason)
    {
        if (State == UserState.Locked)
            return UserFailures.AlreadyLocked;
        State = UserState.Locked;
        LockReason = reason;
        return this;
    }

    public Result<User> Unlock()
    {
        if (State != UserState.Locked)
            return UserFailures.NotLocked;
        State = UserState.Active;
        LockReason = null;
        return this;
    }

    /// <summary>Forgets everything but the name, which the history still needs.</summary>
    public void Delete(DateTimeOffset now)
    {
        State = UserState.Deleted;
        DeletedAt = now;
        Email = null;
        PasswordHash = null;
        LockReason = null;
        Preferences = "{}";
        Touch(now);
    }

    /// <summary>Marks a change that others may see, so that whoever edits an older copy is told.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
