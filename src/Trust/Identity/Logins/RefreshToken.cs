using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StreamSpace.Contracts;

namespace StreamSpace.Identity;

/// <summary>One link of a login's chain of refresh tokens. Only its hash is kept.</summary>
internal sealed class RefreshToken
{
    public const string Prefix = "ssr_";

    public required byte[] Hash { get; init; }

    public LoginId LoginId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>The token that follows, sealed, while the grace of a race between two tabs lasts.</summary>
    public string? SealedSuccessor { get; private set; }

    /// <summary>A fresh token: 256 random bits, so a plain SHA-256 keeps it as safe as a slow hash would.</summary>
    public static (string Token, RefreshToken Row) Create(LoginId login, DateTimeOffset now)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (token, new() { Hash = HashOf(token), LoginId = login, CreatedAt = now });
    }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public void Use(string sealedSuccessor, DateTimeOffset now)
    {
        UsedAt = now;
        SealedSuccessor = sealedSuccessor;
    }

    /// <summary>Its successor was used in turn: from now on this token is nothing but a trap for thieves.</summary>
    public void Forget() => SealedSuccessor = null;
}
