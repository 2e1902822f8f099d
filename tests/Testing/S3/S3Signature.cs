using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StreamSpace.Testing.S3;

/// <summary>Signature version 4 as "Authenticating Requests: Using the Authorization Header" documents it; checks what a client signed.</summary>
internal static partial class S3Signature
{
    /// <summary>Code of the error, as S3 names it; null when the request was signed with the secret.</summary>
    public static string? Problem(HttpRequest request, string accessKey, string secret, DateTimeOffset now)
    {
        if (Header().Match(request.Headers.Authorization.ToString()) is not { Success: true } said)
            return "AccessDenied";
        if (said.Groups["key"].Value != accessKey)
            return "InvalidAccessKeyId";
        var stamp = request.Headers["x-amz-date"].ToString();
        if (!DateTimeOffset.TryParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || !stamp.StartsWith(said.Groups["day"].Value, StringComparison.Ordinal))
            return "AuthorizationHeaderMalformed";
        if ((at - now).Duration() > TimeSpan.FromMinutes(15))
            return "RequestTimeTooSkewed";
        var signed = said.Groups["headers"].Value.Split(';');
        // Whatever of the protocol's own headers is sent must be signed, and the host.
        if (!signed.Contains("host") || request.Headers.Keys.Any(h => h.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !signed.Contains(h.ToLowerInvariant())))
            return "AccessDenied";
        var scope = $"{said.Groups["day"].Value}/{said.Groups["region"].Value}/s3/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, signed))))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == said.Groups["signature"].Value ? null : "SignatureDoesNotMatch";
    }

    private static string Canonical(HttpRequest request, string[] signed)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = target.Length == 1 ? [] : target[1].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal).ToArray();
        var headers = signed.Select(h => $"{h}:{Spaces().Replace(h == "host" ? request.Host.Value! : string.Join(',', request.Headers[h].ToArray()), " ").Trim()}\n");
        return $"{request.Method}\n{target[0]}\n{string.Join('&', query)}\n{string.Concat(headers)}\n{string.Join(';', signed)}\n{request.Headers["x-amz-content-sha256"]}";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex(@"^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<day>\d{8})/(?<region>[^/]+)/s3/aws4_request, *SignedHeaders=(?<headers>[^,]+), *Signature=(?<signature>[0-9a-f]{64})$", RegexOptions.None, 1000)]
    private static partial Regex Header();

    [GeneratedRegex(" +", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
