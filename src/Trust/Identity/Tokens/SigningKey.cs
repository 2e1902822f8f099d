namespace StreamSpace.Identity;

/// <summary>A key that signs access tokens, as it is stored.</summary>
internal sealed class SigningKey
{
    public required string Kid { get; init; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8, base64, sealed.</summary>
    public required string SealedPrivate { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Later than made, so that every replica knows a key before the first token signed with it comes along.</summary>
    public DateTimeOffset SignsFrom { get; init; }
}
