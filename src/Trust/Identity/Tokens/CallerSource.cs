using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Finds the person behind a request: a bearer token, or the cookies of our own web UI. A token's signature is checked once; whether its login still holds, each time.</summary>
internal sealed class CallerSource(AccessTokens tokens, LiveLogins logins, ForgeryTokens forgery) : ICallerSource
{
    private const string Scheme = "Bearer ";

    public async ValueTask<Result<ICaller>> AuthenticateAsync(HttpContext context, CancellationToken ct)
    {
        var address = context.Connection.RemoteIpAddress?.ToString();
        var header = context.Request.Headers.Authorization;
        string? token;
        var byCookie = false;
        if (header.Count > 0)
        {
            // Whoever sends a header means it: a bad one never falls back to cookies.
            if (header is not [{ } only] || !only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                return LoginFailure.BadCredentials;
            token = only[Scheme.Length..].Trim();
        }
        else
        {
            token = LoginCookies.AccessOf(context.Request);
            byCookie = true;
        }

        if (string.IsNullOrEmpty(token))
            return Result<ICaller>.From(Caller.Anonymous(address));
        if (await tokens.VerifyAsync(token, ct) is not { } claims)
            return LoginFailure.TokenInvalid;
        if (await logins.FindAsync(claims.Login, ct) is not { } live || live.User != claims.User)
            return LoginFailure.LoginOver;
        if (byCookie && context.Request.Headers.Upgrade.Count > 0 && IsForeignOrigin(context.Request))
            return LoginFailure.ForeignOrigin;
        if (live.MustChangePassword && context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is { Permission: not null })
            return LoginFailure.PasswordChangeDue;
        return Result<ICaller>.From(Caller.Person(live.User, live.Username, live.Login, live.Roles, live.Permissions, byCookie, address));
    }

    public bool IsForged(HttpContext context, ICaller caller)
    {
        // Sign-in takes JSON with a header of ours, which no foreign page can send without being allowed to first.
        if (context.GetEndpoint()?.Metadata.GetMetadata<ChecksForgeryItself>() is not null)
            return false;
        return caller.Login is not { } login || !forgery.Matches(login, context.Request.Headers[LoginCookies.ForgeryHeader].ToString());
    }

    // A socket is opened by GET, which anti-forgery lets pass: there the browser's Origin is what tells a foreign page.
    private static bool IsForeignOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>Marks endpoints that exchange credentials and guard themselves against forged requests.</summary>
internal sealed record ChecksForgeryItself;
