using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;

namespace StreamSpace.Identity;

/// <summary>A person, as the API shows them.</summary>
public sealed record UserView(
    UserId Id, string Username, string? Email, string DisplayName, UserState State, IReadOnlyList<string> Roles, IReadOnlyList<string> Sources,
    string Locale, string TimeZone, bool MustChangePassword, string? LockReason, DateTimeOffset? LastLoginAt, DateTimeOffset CreatedAt);

internal static class UserMapping
{
    public static UserView ToView(this User user) => new(
        user.Id, user.Username, user.Email, user.DisplayName, user.State, user.Roles, user.Sources,
        user.Locale, user.TimeZone, user.MustChangePassword, user.LockReason, user.LastLoginAt, user.CreatedAt);

    public static UserFacts ToFacts(this User user) => new(user.Id, user.Username, user.DisplayName, user.State, Names.Slug(user.Username));
}
