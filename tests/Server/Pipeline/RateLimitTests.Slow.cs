using System.Net;
using System.Net.Http.Json;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Pipeline;

[Trait("Category", "Slow")]
public sealed class RateLimitTests
{
    [Fact]
    public async Task A_person_who_asks_too_often_is_told_when_to_come_back()
    {
        await using var app = await TestApp.StartAsync(o => o.Settings["RateLimits:AdminPerMinute"] = "3");
        using var admin = await app.AdminAsync();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++)
            answers.Add(await admin.GetAsync("/api/v1/auth/me"));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].StatusCode);
        Assert.InRange(answers[^1].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("3", answers[0].Headers.GetValues("RateLimit-Limit").Last());
    }

    [Fact]
    public async Task Logins_are_limited_per_address()
    {
        await using var app = await TestApp.StartAsync(o => o.Settings["RateLimits:LoginPerMinute"] = "4");
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
            codes.Add((await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "nobody", password = "wrong wrong wrong" })).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.Equal(HttpStatusCode.Unauthorized, codes[0]);
    }
}
