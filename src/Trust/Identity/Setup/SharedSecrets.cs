using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Finds or makes the installation's shared secrets. Whichever replica comes first makes one; all read the same.</summary>
internal sealed class SharedSecrets(IDbContextFactory<IdentityDb> databases, ISecretBox box, TimeProvider clock)
{
    /// <summary>32 random bytes that never change.</summary>
    public async Task<byte[]> KeyAsync(string name, CancellationToken ct) =>
        Convert.FromBase64String(await TextAsync(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ct));

    /// <summary>The text under a name; null when there is none that can be opened.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.SharedSecrets.AsNoTracking().SingleOrDefaultAsync(s => s.Name == name, ct) is { } kept ? box.Open(Purpose(name), kept.Sealed) : null;
    }

    /// <summary>The text under a name, made by <paramref name="make"/> when it is not there or can no longer be opened.</summary>
    public async Task<string> TextAsync(string name, Func<string> make, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var kept = await db.SharedSecrets.AsNoTracking().SingleOrDefaultAsync(s => s.Name == name, ct);
        if (kept is not null && box.Open(Purpose(name), kept.Sealed) is { } open)
            return open;

        // Not there, or sealed with a master key that is no more: replace exactly what was read, then read what won.
        var fresh = box.Seal(Purpose(name), make());
        var now = clock.GetUtcNow();
        var old = kept?.Sealed;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into identity.shared_secrets(name, sealed, created_at) values ({name}, {fresh}, {now})
            on conflict (name) do update set sealed = excluded.sealed, created_at = excluded.created_at where shared_secrets.sealed = {old}
            """, ct);
        var won = await db.SharedSecrets.AsNoTracking().SingleAsync(s => s.Name == name, ct);
        return box.Open(Purpose(name), won.Sealed) ?? throw new InvalidOperationException($"The shared secret '{name}' is sealed with another master key. All replicas must have the same.");
    }

    public async Task ForgetAsync(IdentityDb db, string name, CancellationToken ct) => await db.SharedSecrets.Where(s => s.Name == name).ExecuteDeleteAsync(ct);

    private static string Purpose(string name) => "identity.shared." + name;
}
