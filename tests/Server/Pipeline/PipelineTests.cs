using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Pipeline;

/// <summary>One test per station of the request's way, in its order.</summary>
public sealed class PipelineTests(PipelineTests.Server server) : IClassFixture<PipelineTests.Server>
{
    private readonly TestApp app = server.App;

    public sealed record Inner([Range(1, 5)] int Count);

    public sealed record Request([Required, StringLength(10, MinimumLength = 2)] string Name, Inner? Inner = null);

    /// <summary>One server for all of them: each is told apart by its path.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public int Calls;
        private static readonly Permission AdminsOnly = new("demo.manage", "For tests.");

        public TestApp App { get; private set; } = null!;

        public async Task InitializeAsync() => App = await TestApp.StartAsync(o =>
        {
            o.Settings["Http:MaxBodyBytes"] = "2048";
            o.Settings["Http:AllowedOrigins:0"] = "https://friend.example";
            o.Routes = api =>
            {
                api.MapPost("/demo/echo", (Request request) => TypedResults.Ok(request)).Anonymous();
                api.MapPost("/demo/count", (Request request) => TypedResults.Json(new { calls = Interlocked.Increment(ref Calls), request.Name })).NeedsLogin();
                api.MapGet("/demo/bug", string () => throw new InvalidOperationException("the secret cause")).Anonymous();
                api.MapGet("/demo/admins", () => "welcome").Needs(AdminsOnly);
                api.MapGet("/demo/undeclared", () => "nobody should see this");
                api.MapGet("/demo/by/{id:guid}", (Guid id, int count) => TypedResults.Ok(new { id, count })).Anonymous();
            };
        });

        public Task DisposeAsync() => App.DisposeAsync().AsTask();
    }

    [Fact]
    public async Task Every_answer_carries_a_request_id() =>
        Assert.Matches("^[0-9a-f]{32}$", (await app.Anonymous.GetAsync("/health/live")).Headers.GetValues("X-Request-Id").Single());

    [Fact]
    public async Task A_bug_tells_a_trace_id_and_nothing_else()
    {
        var answer = await app.Anonymous.GetAsync("/api/v1/demo/bug");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("secret cause", body, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", body, StringComparison.Ordinal);
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), JsonDocument.Parse(body).RootElement.GetProperty("trace_id").GetString());
        Assert.Contains(TestLog.Lines, l => l.Contains("the secret cause", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Methods_nobody_uses_are_refused()
    {
        Assert.Equal("METHOD_NOT_ALLOWED", await CodeAsync(await app.Anonymous.SendAsync(new(new HttpMethod("TRACE"), "/api/v1/demo/echo"))));
        var answer = await app.Anonymous.DeleteAsync("/api/v1/demo/echo");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("METHOD_NOT_ALLOWED", await CodeAsync(answer));
    }

    [Fact]
    public async Task Answers_are_compressed_when_asked_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/docs/openapi.json");
        request.Headers.AcceptEncoding.Add(new("br"));
        Assert.Contains("br", (await app.Anonymous.SendAsync(request)).Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("https://friend.example", true)]
    [InlineData("https://stranger.example", false)]
    public async Task Other_origins_read_answers_only_when_configured(string origin, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/demo/echo");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        Assert.Equal(allowed, (await app.Anonymous.SendAsync(request)).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Every_answer_carries_security_headers()
    {
        var answer = await app.Anonymous.GetAsync("/api/v1/nothing");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Oversized_bodies_are_refused_with_and_without_a_length(bool lengthKnown)
    {
        HttpContent content = new StringContent($$"""{"name":"{{new string('x', 4000)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/demo/echo") { Content = content };
        if (!lengthKnown)
        {
            request.Content = new StreamContent(await content.ReadAsStreamAsync()) { Headers = { ContentType = new("application/json") } };
            request.Headers.TransferEncodingChunked = true;
        }

        var answer = await app.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("BODY_TOO_LARGE", await CodeAsync(answer));
    }

    [Fact]
    public async Task Anonymous_callers_are_sent_to_log_in_and_forged_tokens_too()
    {
        Assert.Equal("NOT_LOGGED_IN", await CodeAsync(await app.Anonymous.GetAsync("/api/v1/demo/admins")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/demo/admins") { Headers = { Authorization = new("Bearer", "e30.e30.AAAA") } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Permissions_are_asked_for_and_what_declares_none_is_closed_to_all()
    {
        using var user = await app.UserAsync("someone");
        using var admin = await app.AdminAsync();
        Assert.Equal("NOT_ALLOWED", await CodeAsync(await user.GetAsync("/api/v1/demo/admins")));
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.GetAsync("/api/v1/demo/undeclared")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Anonymous.GetAsync("/api/v1/demo/undeclared")).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "name")]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":"fine","inner":{"count":9}}""", "inner.count")]
    [InlineData("""{"name":"fine","colour":"red"}""", "colour")]
    [InlineData("""{"name":""", "name")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        var answer = await app.Anonymous.PostAsync("/api/v1/demo/echo", new StringContent(body, Encoding.UTF8, "application/json"));
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("VALIDATION_ERROR", error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("details").GetProperty("field").GetString());
    }

    [Fact]
    public async Task Wrong_content_types_and_arguments_are_refused()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await app.Anonymous.PostAsync("/api/v1/demo/echo", new StringContent("name=x", Encoding.UTF8, "text/plain"))).StatusCode);
        var answer = await app.Anonymous.GetAsync($"/api/v1/demo/by/{Guid.CreateVersion7()}?count=many");
        Assert.Equal("count", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("details").GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_write_with_an_idempotency_key_happens_once()
    {
        using var admin = await app.AdminAsync();
        admin.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => admin.PostAsJsonAsync("/api/v1/demo/count", new { name = "once" })));
        Assert.Equal(1, server.Calls);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        var again = await admin.PostAsJsonAsync("/api/v1/demo/count", new { name = "once" });
        Assert.Equal("""{"calls":1,"name":"once"}""", await again.Content.ReadAsStringAsync());
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await CodeAsync(await admin.PostAsJsonAsync("/api/v1/demo/count", new { name = "other" })));
    }

    [Fact]
    public async Task The_version_may_be_left_out_of_the_path() =>
        Assert.Equal("INTERNAL_ERROR", await CodeAsync(await app.Anonymous.GetAsync("/api/demo/bug")));

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();
}
