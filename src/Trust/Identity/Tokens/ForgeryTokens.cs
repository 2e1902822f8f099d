using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamSpace.Contracts;

namespace StreamSpace.Identity;

/// <summary>
/// Anti-forgery tokens: an HMAC over the login, so they are bound to it, need no storage, and are the same on every replica.
/// The browser holds one in a cookie that scripts of ours can read, and sends it back as a header, which scripts of others cannot.
/// </summary>
internal sealed class ForgeryTokens(SharedSecrets secrets)
{
    private byte[]? key;

    /// <summary>Reads the key; called at start, before the first request.</summary>
    public async Task LoadAsync(CancellationToken ct) => key ??= await secrets.KeyAsync("anti-forgery", ct);

    public string Of(LoginId login) => Base64Url.EncodeToString(HMACSHA256.HashData(Key, login.Value.ToByteArray()));

    public bool Matches(LoginId login, string sent) =>
        sent.Length is > 0 and < 100 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(login)), Encoding.UTF8.GetBytes(sent));

    private byte[] Key => key ?? throw new InvalidOperationException("The anti-forgery key was not loaded.");
}
