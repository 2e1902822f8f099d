using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

[Collection(SharedServer.Name)]
public sealed class CookieTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public async Task In_the_browser_no_token_reaches_a_script()
    {
        using var user = await app.UserAsync("cookie-ann");
        using var browser = new Browser(app);
        var answer = await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/login", new { username = "cookie-ann", password = TestApp.Password }, token: null);
        var body = await answer.JsonAsync();
        Assert.Equal(JsonValueKind.Null, body.GetProperty("access_token").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("refresh_token").ValueKind);
        Assert.Equal(browser.Cookie("ss_csrf"), body.JsonString("csrf_token"));
        var set = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(3, set.Count);
        Assert.All(set, c => Assert.Contains("samesite=lax", c));
        Assert.All(set, c => Assert.Contains("path=/", c));
        Assert.All(set.Where(c => !c.StartsWith("ss_csrf", StringComparison.Ordinal)), c => Assert.Contains("httponly", c));
        Assert.DoesNotContain("httponly", Assert.Single(set, c => c.StartsWith("ss_csrf", StringComparison.Ordinal)));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task Remember_me_outlives_the_browser_and_nothing_else_does()
    {
        using var user = await app.UserAsync("cookie-rem");
        using var browser = new Browser(app);
        var forgets = await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/login", new { username = "cookie-rem", password = TestApp.Password });
        Assert.DoesNotContain("expires", Assert.Single(forgets.Headers.GetValues("Set-Cookie"), c => c.StartsWith("ss_refresh", StringComparison.Ordinal)));
        var remembers = await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/login", new { username = "cookie-rem", password = TestApp.Password, remember = true });
        Assert.Contains("expires", Assert.Single(remembers.Headers.GetValues("Set-Cookie"), c => c.StartsWith("ss_refresh", StringComparison.Ordinal)));
        Assert.True(DateTimeOffset.Parse((await remembers.JsonAsync()).JsonString("login_expires_at")) > DateTimeOffset.Parse((await forgets.JsonAsync()).JsonString("login_expires_at")).AddDays(20));
    }

    [Fact]
    public async Task Another_site_cannot_write_with_my_cookies()
    {
        using var user = await app.UserAsync("cookie-bea");
        using var stranger = await app.UserAsync("cookie-cid");
        using var browser = new Browser(app);
        using var foreign = new Browser(app);
        await browser.LoginAsync("cookie-bea");
        await foreign.LoginAsync("cookie-cid");
        foreach (var token in new[] { null, "", "x", foreign.Cookie("ss_csrf") })
        {
            Assert.Equal("FORGED_REQUEST", await (await browser.SendAsync(HttpMethod.Patch, "/api/v1/me/preferences", new { theme = "dark" }, token)).CodeAsync());
            Assert.Equal("FORGED_REQUEST", await (await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", null, token)).CodeAsync());
            Assert.Equal("FORGED_REQUEST", await (await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", null, token)).CodeAsync());
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(HttpMethod.Patch, "/api/v1/me/preferences", new { theme = "dark" })).StatusCode);
    }

    [Fact]
    public async Task Refreshing_by_cookie_goes_on_after_the_access_cookie_is_gone()
    {
        using var user = await app.UserAsync("cookie-dan");
        using var browser = new Browser(app);
        await browser.LoginAsync("cookie-dan");
        browser.Jar.GetCookies(app.Address)["ss_access"]!.Expired = true;
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task A_login_planted_before_ends_when_somebody_logs_in_over_it()
    {
        using var attacker = await app.UserAsync("cookie-eve");
        using var victim = await app.UserAsync("cookie-fred");
        using var planted = new Browser(app);
        await planted.LoginAsync("cookie-eve");
        var copy = new CookieContainer();
        foreach (Cookie cookie in planted.Jar.GetCookies(app.Address))
            copy.Add(new Cookie(cookie.Name, cookie.Value, "/", app.Address.Host));
        using var evil = new Browser(app, copy);

        using var browser = new Browser(app, planted.Jar);
        await browser.LoginAsync("cookie-fred");
        Assert.NotEqual(evil.Cookie("ss_access"), browser.Cookie("ss_access"));
        Assert.NotEqual(evil.Cookie("ss_csrf"), browser.Cookie("ss_csrf"));
        Assert.Equal("cookie-fred", (await (await browser.GetAsync("/api/v1/auth/me")).JsonAsync()).GetProperty("user").JsonString("username"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await evil.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task A_cookie_refresh_token_is_no_bearer_refresh_token_and_the_other_way_round()
    {
        using var user = await app.UserAsync("cookie-gil");
        using var browser = new Browser(app);
        await browser.LoginAsync("cookie-gil");
        Assert.Equal("REFRESH_INVALID", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = browser.Cookie("ss_refresh") })).CodeAsync());

        var bearer = await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "cookie-gil", password = TestApp.Password })).JsonAsync();
        var jar = new CookieContainer();
        jar.Add(new Cookie("ss_refresh", bearer.JsonString("refresh_token"), "/", app.Address.Host));
        using var other = new Browser(app, jar);
        Assert.Equal("REFRESH_INVALID", await (await other.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", null, token: null)).CodeAsync());
    }

    [Fact]
    public async Task A_bad_bearer_token_never_falls_back_to_the_cookies()
    {
        using var user = await app.UserAsync("cookie-hue");
        using var browser = new Browser(app);
        await browser.LoginAsync("cookie-hue");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer nonsense");
        request.Headers.Add("Cookie", $"ss_access={browser.Cookie("ss_access")}");
        Assert.Equal("TOKEN_INVALID", await (await app.Anonymous.SendAsync(request)).CodeAsync());
    }

    [Fact]
    public async Task Another_site_cannot_open_a_socket_with_my_cookies()
    {
        using var user = await app.UserAsync("cookie-ivo");
        using var browser = new Browser(app);
        await browser.LoginAsync("cookie-ivo");
        foreach (var (origin, expected) in new[] { ("https://evil.example", HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden), (app.Address.GetLeftPart(UriPartial.Authority), HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
            request.Headers.Add("Cookie", $"ss_access={browser.Cookie("ss_access")}");
            request.Headers.Add("Origin", origin);
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            Assert.Equal(expected, (await app.Anonymous.SendAsync(request)).StatusCode);
        }
    }
}
