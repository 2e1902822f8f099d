using Microsoft.AspNetCore.Http;
using StreamSpace.Identity;

namespace StreamSpace.Trust.Tests.Identity;

public sealed class LoginCookiesTests
{
    [Fact]
    public void Over_TLS_the_cookies_are_bound_to_this_host_and_to_TLS()
    {
        var context = new DefaultHttpContext { Request = { Scheme = "https" } };
        LoginCookies.Set(context, "access", TimeSpan.FromMinutes(15), "refresh", "forgery", DateTimeOffset.UtcNow.AddDays(7), remember: false);
        var set = context.Response.Headers.SetCookie.Select(c => c!).ToList();
        Assert.Equal(["__Host-ss_access", "__Host-ss_refresh", "__Host-ss_csrf"], set.Select(c => c.Split('=')[0]));
        Assert.All(set, c => Assert.Contains("; secure", c));
        Assert.All(set, c => Assert.Contains("; path=/", c));
        Assert.All(set, c => Assert.DoesNotContain("domain", c));
        Assert.All(set, c => Assert.Contains("samesite=lax", c));
        Assert.Equal(2, set.Count(c => c.Contains("httponly", StringComparison.Ordinal)));
    }

    [Fact]
    public void Over_TLS_a_cookie_without_the_prefix_is_not_read()
    {
        // Any page on plain HTTP, and any neighbour under the same domain, could have planted it.
        var planted = new DefaultHttpContext { Request = { Scheme = "https" } };
        planted.Request.Headers.Cookie = "ss_access=planted; ss_refresh=planted";
        Assert.Null(LoginCookies.AccessOf(planted.Request));
        Assert.Null(LoginCookies.RefreshOf(planted.Request));
        var own = new DefaultHttpContext { Request = { Scheme = "https" } };
        own.Request.Headers.Cookie = "__Host-ss_access=mine";
        Assert.Equal("mine", LoginCookies.AccessOf(own.Request));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("streamspace/0.1.0 (linux)", "streamspace")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("", "Unknown device")]
    public void A_device_is_named_as_a_person_would(string agent, string expected) => Assert.Equal(expected, Device.Of(agent));
}
