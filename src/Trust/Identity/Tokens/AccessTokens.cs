using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;

namespace StreamSpace.Identity;

/// <summary>What an access token proves.</summary>
internal sealed record AccessClaims(UserId User, LoginId Login, DateTimeOffset ExpiresAt);

/// <summary>
/// Makes and checks access tokens: JWT, ES256 and nothing else. A strict reader of our own tokens, not a general one: any header member
/// beside alg, typ and kid (crit, jwk, jku, x5c …) is refused, and the key is chosen by kid from our ring, never by the token.
/// Stands in for Microsoft.IdentityModel.JsonWebTokens.
/// </summary>
internal sealed class AccessTokens(KeyRing ring, TokenCache cache, TimeProvider clock, IOptions<IdentityOptions> options)
{
    public const string Issuer = "streamspace";
    public const string Audience = "streamspace-api";
    private const int Longest = 1024;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public TimeSpan Lifetime => options.Value.AccessLifetime;

    public async ValueTask<string> IssueAsync(UserId user, LoginId login, CancellationToken ct)
    {
        var key = await ring.SignerAsync(ct);
        var now = clock.GetUtcNow();
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = key.Kid }, Plain);
        var payload = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = user.Value,
            ["sid"] = login.Value,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7(),
        });
        var signed = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(payload);
        return signed + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>What the token proves; null when it is not, or no longer, a token of ours.</summary>
    public ValueTask<AccessClaims?> VerifyAsync(string token, CancellationToken ct)
    {
        if (cache.Find(token) is { } known)
            return ValueTask.FromResult(clock.GetUtcNow() < known.ExpiresAt ? known : null);
        return token.Length > Longest ? ValueTask.FromResult<AccessClaims?>(null) : VerifySlowlyAsync(token, ct);
    }

    private async ValueTask<AccessClaims?> VerifySlowlyAsync(string token, CancellationToken ct)
    {
        if (token.Split('.', 4) is not [var header, var payload, var signature]
            || Decode(header) is not { } headerBytes || KidOf(headerBytes) is not { } kid
            || Decode(signature) is not { Length: 64 } signatureBytes
            || await ring.FindAsync(kid, ct) is not { } key
            || !key.Verify(Encoding.ASCII.GetBytes(header + "." + payload), signatureBytes)
            || Decode(payload) is not { } payloadBytes || Read(payloadBytes) is not { } claims)
            return null;

        // Only what was proven is kept, so nobody can fill the cache with rubbish.
        cache.Keep(token, claims);
        return claims;
    }

    private static string? KidOf(byte[] header)
    {
        if (Parse(header) is not { } json)
            return null;
        string? kid = null;
        var (algorithm, type) = (false, false);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
                return null;
            switch (member.Name)
            {
                case "alg":
                    algorithm = member.Value.ValueEquals("ES256");
                    break;
                case "typ":
                    type = member.Value.ValueEquals("at+jwt");
                    break;
                case "kid":
                    kid = member.Value.GetString();
                    break;
                default:
                    return null;
            }
        }

        return algorithm && type ? kid : null;
    }

    private AccessClaims? Read(byte[] payload)
    {
        if (Parse(payload) is not { } json
            || !Text(json, "iss", Issuer) || !Text(json, "aud", Audience)
            || !json.TryGetProperty("sub", out var subject) || !Id(subject, out var user)
            || !json.TryGetProperty("sid", out var sid) || !Id(sid, out var login)
            || !Time(json, "iat", out var issued) || !Time(json, "exp", out var expires))
            return null;
        var now = clock.GetUtcNow();
        return issued <= now + Skew && now < expires && expires - issued <= TimeSpan.FromHours(1) ? new(new(user), new(login), expires) : null;
    }

    private static JsonElement? Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string part)
    {
        // Padding and white space are tolerated by the decoder, but not by us: one token has one spelling.
        if (part.Length == 0 || part.AsSpan().ContainsAny("= \t\r\n") || !Base64Url.IsValid(part))
            return null;
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }

    private static bool Text(JsonElement json, string name, string expected) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    private static bool Id(JsonElement value, out Guid id)
    {
        id = default;
        return value.ValueKind == JsonValueKind.String && value.TryGetGuid(out id);
    }

    private static bool Time(JsonElement json, string name, out DateTimeOffset time)
    {
        time = default;
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var seconds) || seconds is < 0 or > 253_402_300_799)
            return false;
        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
