using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests;

/// <summary>Our web UI as the server sees it: cookies in a jar, the header that says so, the anti-forgery token on writes.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient client;

    public Browser(TestApp app, CookieContainer? jar = null)
    {
        Jar = jar ?? new();
        client = new(new SocketsHttpHandler { CookieContainer = Jar, AllowAutoRedirect = false }) { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Add("X-StreamSpace-Client", "web");
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    public CookieContainer Jar { get; }

    public string? Cookie(string name) => Jar.GetCookies(client.BaseAddress!)[name]?.Value;

    public async Task<JsonElement> LoginAsync(string username, string password = TestApp.Password, bool remember = false)
    {
        var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { username, password, remember });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? token = "own", string? origin = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token == "own")
            token = Cookie("ss_csrf");
        if (token is not null)
            request.Headers.Add("X-CSRF-Token", token);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return client.SendAsync(request);
    }

    public void Dispose() => client.Dispose();
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>The error code of a refused request; null when it was not refused.</summary>
    public static async Task<string?> CodeAsync(this HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? null : (await answer.JsonAsync()).GetProperty("error").GetProperty("code").GetString();

    public static async Task<string> IdAsync(this HttpClient client) => (await (await client.GetAsync("/api/v1/auth/me")).JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
}

internal static class Members
{
    public static string JsonString(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
