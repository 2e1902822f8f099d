using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;

namespace StreamSpace.Identity;

/// <summary>Who people are, for other modules.</summary>
internal sealed class UserDirectory(IDbContextFactory<IdentityDb> databases) : IUserDirectory
{
    public async Task<IReadOnlyDictionary<UserId, UserFacts>> FindAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        if (users.Count == 0)
            return new Dictionary<UserId, UserFacts>();
        await using var db = await databases.CreateDbContextAsync(ct);
        var ids = users.Distinct().ToArray();
        return await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.ToFacts(), ct);
    }

    public async Task<UserFacts?> FindAsync(string username, CancellationToken ct)
    {
        var name = Names.Of(username);
        await using var db = await databases.CreateDbContextAsync(ct);
        return (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Username == name && u.State != UserState.Deleted, ct))?.ToFacts();
    }

    public async Task<UserFacts?> FindByEmailAsync(string email, CancellationToken ct)
    {
        if (Names.OfEmail(email) is not { } address)
            return null;
        await using var db = await databases.CreateDbContextAsync(ct);
        return (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Email == address && u.State != UserState.Deleted, ct))?.ToFacts();
    }
}

/// <summary>Which logins hold, for other modules.</summary>
internal sealed class LoginDirectory(LiveLogins logins) : ILoginDirectory
{
    public async Task<LoginFacts?> FindAsync(LoginId login, CancellationToken ct) =>
        await logins.FindAsync(login, ct) is { } live ? new(live.Login, live.User, live.Username, live.DisplayName, live.MustChangePassword ? Nothing : live.Permissions, live.Email) : null;

    private static readonly HashSet<string> Nothing = [];
}
