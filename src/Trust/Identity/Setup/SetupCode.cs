using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Access;
using StreamSpace.Contracts.Identity;

namespace StreamSpace.Identity;

/// <summary>The one-time set-up code: 60 random bits, sealed in the database so that all replicas print the same, gone with the first administrator.</summary>
internal sealed class SetupCode(IDbContextFactory<IdentityDb> databases, SharedSecrets secrets, IRoleGrants grants) : ISetupCode
{
    public const string Secret = "setup-code";
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    public async Task<string?> FindAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await NeededAsync(db, ct) ? await secrets.TextAsync(Secret, Make, ct) : null;
    }

    /// <summary>Whether there is no administrator yet. One who is locked is one, too: unlocking is done on the machine, not by whoever comes first.</summary>
    public async Task<bool> NeededAsync(IdentityDb db, CancellationToken ct) =>
        !await db.Users.AnyAsync(u => u.State != UserState.Deleted && u.Roles.Contains(grants.Administrator), ct);

    /// <summary>Looks only: a code that is gone, because somebody else has used it in this moment, is not made anew.</summary>
    public async Task<bool> MatchesAsync(string given, CancellationToken ct)
    {
        if (await secrets.FindAsync(Secret, ct) is not { } code)
            return false;
        return CryptographicOperations.FixedTimeEquals(Hash(code), Hash(given));
    }

    private static string Make() => string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4)));

    // Hashing first makes the lengths equal; dashes, spaces and case are typing, not secret.
    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant()));
}
