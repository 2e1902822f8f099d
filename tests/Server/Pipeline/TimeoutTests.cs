using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Pipeline;

public sealed class TimeoutTests
{
    [Fact]
    public async Task A_request_that_takes_too_long_is_answered_503_with_retry_after()
    {
        await using var app = await TestApp.StartAsync(o =>
        {
            o.WithAdmin = false;
            o.Settings["Http:Timeout"] = "00:00:01";
            o.Routes = api => api.MapGet("/demo/slow", async (HttpContext c) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(60), c.RequestAborted);
                return "late";
            }).Anonymous();
        });
        var answer = await app.Anonymous.GetAsync("/api/v1/demo/slow");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("TIMEOUT", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.True(answer.Headers.Contains("X-Request-Id") && answer.Headers.Contains("Content-Security-Policy") && answer.Headers.CacheControl is { NoStore: true }, "an answer lost what every answer carries");
    }
}
