using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Publishes the keys that verify our access tokens (RFC 7517).</summary>
internal static class Jwks
{
    public sealed record Response(IReadOnlyList<Key> Keys);

    public sealed record Key(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

    public static void Map(IEndpointRouteBuilder root) => root.MapGet("/.well-known/jwks.json", HandleAsync).Anonymous()
        .WithSummary("The keys that verify access tokens").WithTags("Logins");

    internal static async Task<Response> HandleAsync(KeyRing ring, HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return new([.. (await ring.AllAsync(ct)).Select(k => new Key(
            "EC", "P-256", Base64Url.EncodeToString(k.Public.Q.X), Base64Url.EncodeToString(k.Public.Q.Y), k.Kid, "sig", "ES256"))]);
    }
}
