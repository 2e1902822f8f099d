using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

/// <summary>Forged, bent and stale tokens at the real door.</summary>
[Collection(SharedServer.Name)]
public sealed class AccessTokenTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public async Task The_published_key_verifies_our_tokens()
    {
        var (header, payload, signature) = Parts(await TokenAsync("jwt-ann"));
        var kid = JsonNode.Parse(Base64Url.DecodeFromChars(header))!["kid"]!.GetValue<string>();
        var keys = (await (await app.Anonymous.GetAsync("/.well-known/jwks.json")).JsonAsync()).GetProperty("keys").EnumerateArray();
        var key = Assert.Single(keys, k => k.JsonString("kid") == kid);
        Assert.Equal(("EC", "P-256", "ES256", "sig"), (key.JsonString("kty"), key.JsonString("crv"), key.JsonString("alg"), key.JsonString("use")));
        Assert.False(key.TryGetProperty("d", out _));
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key.JsonString("x")), Y = Base64Url.DecodeFromChars(key.JsonString("y")) },
        });
        Assert.True(ec.VerifyData(Encoding.ASCII.GetBytes(header + "." + payload), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData("alg none")]
    [InlineData("alg none, no signature")]
    [InlineData("alg None")]
    [InlineData("HS256 with the public key")]
    [InlineData("HS256 with the published coordinates")]
    [InlineData("RS256")]
    [InlineData("ES384")]
    [InlineData("embedded jwk")]
    [InlineData("jku")]
    [InlineData("x5c")]
    [InlineData("crit")]
    [InlineData("unknown crit with b64")]
    [InlineData("kid of nobody")]
    [InlineData("kid injection")]
    [InlineData("kid path")]
    [InlineData("kid missing")]
    [InlineData("kid number")]
    [InlineData("kid twice")]
    [InlineData("typ missing")]
    [InlineData("typ jwt")]
    [InlineData("empty signature")]
    [InlineData("DER signature")]
    [InlineData("zero signature")]
    [InlineData("payload swapped")]
    [InlineData("payload of another login")]
    [InlineData("padded signature")]
    [InlineData("four parts")]
    [InlineData("two parts")]
    [InlineData("header no json")]
    [InlineData("header array")]
    [InlineData("trailing bits")]
    public async Task A_forged_token_is_refused(string forgery)
    {
        var token = await TokenAsync("jwt-" + forgery.GetHashCode(StringComparison.Ordinal).ToString("x8"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(token)).StatusCode);
        var answer = await GetAsync(await ForgeAsync(forgery, token));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("TOKEN_INVALID", await answer.CodeAsync());
    }

    private async Task<string> ForgeAsync(string forgery, string token)
    {
        var (h, p, s) = Parts(token);
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(h))!.AsObject();
        var kid = header["kid"]!.GetValue<string>();
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwks = await (await app.Anonymous.GetAsync("/.well-known/jwks.json")).JsonAsync();
        var published = jwks.GetProperty("keys").EnumerateArray().First(k => k.JsonString("kid") == kid);
        string Resign(Action<JsonObject> change)
        {
            change(header);
            var signed = Encode(header.ToJsonString()) + "." + p;
            return signed + "." + Base64Url.EncodeToString(own.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
        }

        string Hmac(byte[] key)
        {
            header["alg"] = "HS256";
            var signed = Encode(header.ToJsonString()) + "." + p;
            return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)));
        }

        // Headers that are changed but still carry the right signature of the old header, and headers signed with a key of ours.
        string Raw(string json) => Encode(json) + "." + p + "." + s;
        switch (forgery)
        {
            case "alg none": return Encode($$"""{"alg":"none","typ":"at+jwt","kid":"{{kid}}"}""") + "." + p + "." + s;
            case "alg none, no signature": return Encode($$"""{"alg":"none","typ":"at+jwt","kid":"{{kid}}"}""") + "." + p + ".";
            case "alg None": return Encode($$"""{"alg":"None","typ":"at+jwt","kid":"{{kid}}"}""") + "." + p + ".";
            case "HS256 with the public key":
                using (var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(published.JsonString("x")), Y = Base64Url.DecodeFromChars(published.JsonString("y")) } }))
                    return Hmac(Encoding.ASCII.GetBytes(ec.ExportSubjectPublicKeyInfoPem()));
            case "HS256 with the published coordinates": return Hmac([.. Base64Url.DecodeFromChars(published.JsonString("x")), .. Base64Url.DecodeFromChars(published.JsonString("y"))]);
            case "RS256": return Raw($$"""{"alg":"RS256","typ":"at+jwt","kid":"{{kid}}"}""");
            case "ES384": return Raw($$"""{"alg":"ES384","typ":"at+jwt","kid":"{{kid}}"}""");
            case "embedded jwk":
                var q = own.ExportParameters(false).Q;
                return Resign(j => j["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(q.X), ["y"] = Base64Url.EncodeToString(q.Y) });
            case "jku": return Resign(j => j["jku"] = "https://evil.example/jwks.json");
            case "x5c": return Resign(j => j["x5c"] = new JsonArray("MIIB"));
            case "crit": return Resign(j => j["crit"] = new JsonArray("exp"));
            case "unknown crit with b64": return Resign(j => { j["crit"] = new JsonArray("b64"); j["b64"] = false; });
            case "kid of nobody": return Resign(j => j["kid"] = "nobody");
            case "kid injection": return Resign(j => j["kid"] = "' union select 'x' --");
            case "kid path": return Resign(j => j["kid"] = "../../../../dev/null");
            case "kid missing": return Resign(j => j.Remove("kid"));
            case "kid number": return Resign(j => j["kid"] = 1);
            case "kid twice": return Raw($$"""{"alg":"ES256","typ":"at+jwt","kid":"x","kid":"{{kid}}"}""");
            case "typ missing": return Resign(j => j.Remove("typ"));
            case "typ jwt": return Resign(j => j["typ"] = "JWT");
            case "empty signature": return h + "." + p + ".";
            case "DER signature": return h + "." + p + "." + Base64Url.EncodeToString(own.SignData(Encoding.ASCII.GetBytes(h + "." + p), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            case "zero signature": return h + "." + p + "." + Base64Url.EncodeToString(new byte[64]);
            case "payload swapped":
                var claims = JsonNode.Parse(Base64Url.DecodeFromChars(p))!.AsObject();
                claims["exp"] = claims["exp"]!.GetValue<long>() + 3600;
                return h + "." + Encode(claims.ToJsonString()) + "." + s;
            case "payload of another login":
                var admin = Parts((await app.AdminAsync()).DefaultRequestHeaders.Authorization!.Parameter!);
                return h + "." + admin.Payload + "." + s;
            case "padded signature": return token + "==";
            case "four parts": return token + "." + s;
            case "two parts": return h + "." + p;
            case "header no json": return Encode("no json") + "." + p + "." + s;
            case "header array": return Encode("""["ES256"]""") + "." + p + "." + s;
            case "trailing bits":
                // 64 bytes leave four bits unused in the last character: another spelling of the same signature.
                const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
                return token[..^1] + alphabet[alphabet.IndexOf(token[^1]) ^ 1];
            default: throw new ArgumentOutOfRangeException(nameof(forgery));
        }
    }

    private async Task<string> TokenAsync(string username)
    {
        using var client = await app.UserAsync(username);
        return client.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private async Task<HttpResponseMessage> GetAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return await app.Anonymous.SendAsync(request);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static (string Header, string Payload, string Signature) Parts(string token) => token.Split('.') is [var h, var p, var s] ? (h, p, s) : throw new InvalidOperationException();
}
