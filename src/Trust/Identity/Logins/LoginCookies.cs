using Microsoft.AspNetCore.Http;

namespace StreamSpace.Identity;

/// <summary>
/// A login in a browser: the tokens travel in cookies that no script can read. Over TLS the names carry __Host-, so that no
/// other host and no plain-HTTP page can plant one; over plain HTTP (loopback) browsers refuse that prefix.
/// </summary>
internal static class LoginCookies
{
    public const string ForgeryHeader = "X-CSRF-Token";
    public const string ClientHeader = "X-StreamSpace-Client";
    private const string Access = "ss_access";
    private const string Refresh = "ss_refresh";
    private const string Forgery = "ss_csrf";

    /// <summary>Whether the request comes from our own web UI, which wants cookies and no tokens in the body.</summary>
    public static bool IsWeb(HttpRequest request) => request.Headers[ClientHeader].ToString() == "web";

    public static string? AccessOf(HttpRequest request) => request.Cookies[Name(request, Access)];

    public static string? RefreshOf(HttpRequest request) => request.Cookies[Name(request, Refresh)];

    public static void Set(HttpContext context, string access, TimeSpan accessLifetime, string refresh, string forgery, DateTimeOffset expiresAt, bool remember)
    {
        Append(context, Access, access, hidden: true, accessLifetime, null);
        // Without "remember me" the browser forgets both when it closes.
        Append(context, Refresh, refresh, hidden: true, null, remember ? expiresAt : null);
        Append(context, Forgery, forgery, hidden: false, null, remember ? expiresAt : null);
    }

    public static void Clear(HttpContext context)
    {
        foreach (var name in (string[])[Access, Refresh, Forgery])
            context.Response.Cookies.Delete(Name(context.Request, name), Options(context.Request, hidden: name != Forgery));
    }

    private static void Append(HttpContext context, string name, string value, bool hidden, TimeSpan? maxAge, DateTimeOffset? expires)
    {
        var options = Options(context.Request, hidden);
        options.MaxAge = maxAge;
        options.Expires = expires;
        context.Response.Cookies.Append(Name(context.Request, name), value, options);
    }

    private static CookieOptions Options(HttpRequest request, bool hidden) =>
        new() { HttpOnly = hidden, Secure = request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    private static string Name(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;
}
