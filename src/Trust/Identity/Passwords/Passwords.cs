using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Cryptography.KeyDerivation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace StreamSpace.Identity;

/// <summary>Hashes and checks passwords (PBKDF2-SHA512 of ASP.NET Identity). At most one check per processor runs at a time, so that logins cannot starve everything else.</summary>
internal sealed class Passwords : IDisposable
{
    private readonly PasswordHasher<User> hasher;
    private readonly SemaphoreSlim atOnce = new(Math.Max(1, Environment.ProcessorCount));
    private readonly string nobodys;

    public Passwords(IOptions<IdentityOptions> options)
    {
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        nobodys = Nobodys(options.Value.PasswordIterations);
    }

    public async Task<string> HashAsync(string password, CancellationToken ct)
    {
        await atOnce.WaitAsync(ct);
        try
        {
            return hasher.HashPassword(null!, password);
        }
        finally
        {
            atOnce.Release();
        }
    }

    /// <summary>Checks a password. Somebody who is not there (null) costs as much as somebody who is, and never matches.</summary>
    public async Task<PasswordCheck> CheckAsync(string? hash, string password, CancellationToken ct)
    {
        await atOnce.WaitAsync(ct);
        try
        {
            var result = hasher.VerifyHashedPassword(null!, hash ?? nobodys, password);
            return hash is null || result == PasswordVerificationResult.Failed ? PasswordCheck.Wrong
                : result == PasswordVerificationResult.SuccessRehashNeeded ? PasswordCheck.RightButWeaklyHashed : PasswordCheck.Right;
        }
        finally
        {
            atOnce.Release();
        }
    }

    public void Dispose() => atOnce.Dispose();

    // A hash in ASP.NET Identity's third format (marker, PRF, rounds, length of salt, salt, key) that no password was hashed for: it costs as much to check as any.
    private static string Nobodys(int rounds)
    {
        var bytes = RandomNumberGenerator.GetBytes(13 + 16 + 32);
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)KeyDerivationPrf.HMACSHA512);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), (uint)rounds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        return Convert.ToBase64String(bytes);
    }
}

internal enum PasswordCheck
{
    Wrong,
    Right,
    RightButWeaklyHashed,
}
