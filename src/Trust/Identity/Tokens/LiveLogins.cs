using System.Collections.Concurrent;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Access;

namespace StreamSpace.Identity;

/// <summary>A login that holds, with its person as of now.</summary>
internal sealed record LiveLogin(
    LoginId Login, UserId User, string Username, string DisplayName, IReadOnlyList<string> Roles, IReadOnlySet<string> Permissions,
    bool MustChangePassword, DateTimeOffset ExpiresAt, DateTimeOffset LoadedAt, string Email);

/// <summary>
/// Which logins hold, in memory, so that a request costs no query. What changes is dropped when its event comes along (on this
/// replica at once); an entry also ages out by itself, which bounds the damage should events ever fail to arrive.
/// </summary>
internal sealed class LiveLogins(NpgsqlDataSource database, IRoleGrants grants, LoginUses uses, TimeProvider clock)
{
    private const int Most = 50_000;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<LoginId, LiveLogin> known = new();
    private long changes;

    /// <summary>The login, when it holds; null otherwise.</summary>
    public ValueTask<LiveLogin?> FindAsync(LoginId login, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return known.TryGetValue(login, out var live) && now - live.LoadedAt < Age
            ? ValueTask.FromResult(now < live.ExpiresAt ? live : null)
            : LoadAsync(login, now, ct);
    }

    /// <summary>Somebody's account or rights changed.</summary>
    public void Forget(UserId user)
    {
        Interlocked.Increment(ref changes);
        foreach (var (id, live) in known)
        {
            if (live.User == user)
                known.TryRemove(id, out _);
        }
    }

    /// <summary>A login ended.</summary>
    public void Forget(LoginId login)
    {
        Interlocked.Increment(ref changes);
        known.TryRemove(login, out _);
    }

    /// <summary>Events may have been missed.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref changes);
        known.Clear();
    }

    private async ValueTask<LiveLogin?> LoadAsync(LoginId login, DateTimeOffset now, CancellationToken ct)
    {
        var before = Interlocked.Read(ref changes);
        await using var command = database.CreateCommand(
            """
            select u.id, u.username, u.display_name, u.roles, u.must_change_password, l.expires_at, u.email
            from identity.logins l join identity.users u on u.id = l.user_id
            where l.id = $1 and l.ended_at is null and l.expires_at > $2 and u.state = 'active'
            """);
        command.Parameters.Add(new() { Value = login.Value });
        command.Parameters.Add(new() { Value = now });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            known.TryRemove(login, out _);
            return null;
        }

        var roles = row.GetFieldValue<string[]>(3);
        var live = new LiveLogin(
            login, new(row.GetGuid(0)), row.GetString(1), row.GetString(2), roles, grants.PermissionsOf(roles), row.GetBoolean(4),
            new(row.GetDateTime(5)), now, row.IsDBNull(6) ? "" : row.GetString(6));
        uses.Note(login, now);

        // What changed while it was read may be missing in what was read: then it serves this one request only.
        if (known.Count < Most && Interlocked.Read(ref changes) == before)
        {
            known[login] = live;
            if (Interlocked.Read(ref changes) != before)
                known.TryRemove(login, out _);
        }
        else if (known.Count >= Most)
        {
            ForgetAll();
        }

        return live;
    }
}
