using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace StreamSpace.Kernel;

/// <summary>Encrypts secrets before they are stored. The key stands outside the database.</summary>
public interface ISecretBox
{
    /// <summary>Encrypts; the purpose keeps one kind of secret from being read as another.</summary>
    string Seal(string purpose, string secret);

    /// <summary>Decrypts; null when it was made with another key or tampered with.</summary>
    string? Open(string purpose, string sealedSecret);
}

/// <inheritdoc cref="ISecretBox"/>
internal sealed class SecretBox(IDataProtectionProvider protection) : ISecretBox
{
    public string Seal(string purpose, string secret) => protection.CreateProtector("secrets", purpose).Protect(secret);

    public string? Open(string purpose, string sealedSecret)
    {
        try
        {
            return protection.CreateProtector("secrets", purpose).Unprotect(sealedSecret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
