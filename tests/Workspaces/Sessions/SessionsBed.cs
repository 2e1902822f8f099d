using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Sessions.Tests;

/// <summary>A server with a runtime made by hand, and short words for what tests of sessions do.</summary>
internal sealed class SessionsBed : IAsyncDisposable
{
    private SessionsBed(TestApp app, FakeRuntime runtime)
    {
        App = app;
        Runtime = runtime;
    }

    public TestApp App { get; }

    public FakeRuntime Runtime { get; }

    public static async Task<SessionsBed> StartAsync(Action<TestAppOptions>? configure = null, FakeRuntime? runtime = null)
    {
        var fake = runtime ?? new FakeRuntime();
        var app = await TestApp.StartAsync(options =>
        {
            options.Services = services => services.AddSingleton<ISessionRuntime>(fake);
            options.Settings["Sessions:MaxPerUser"] = "0";
            configure?.Invoke(options);
        });
        return new(app, fake);
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    public static async Task<JsonElement> LaunchAsync(HttpClient user, object? request = null)
    {
        using var answer = await user.PostAsJsonAsync("/api/v1/sessions", request ?? new { template = "terminal" });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 201, $"{(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public static async Task<JsonElement> GetAsync(HttpClient user, string path)
    {
        using var answer = await user.GetAsync("/api/v1" + path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"GET {path}: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient user, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await user.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    /// <summary>Waits until the session shows the phase; fails with what it shows instead.</summary>
    public static async Task<JsonElement> UntilAsync(HttpClient user, string id, string phase, double seconds = 20)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var session = await GetAsync(user, "/sessions/" + id);
            if (session.GetProperty("phase").GetString() == phase)
                return session;
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"still {session.GetProperty("phase")} ({session.GetProperty("reason")}: {session.GetProperty("message")}) instead of {phase}\n" + string.Join('\n', TestLog.Lines.TakeLast(5)));
            await Task.Delay(10);
        }
    }

    public async Task<(HttpClient User, string Id)> RunningAsync(string username = "ada", object? request = null)
    {
        var user = await App.UserAsync(username);
        var id = (await LaunchAsync(user, request)).GetProperty("id").GetString()!;
        await UntilAsync(user, id, "running");
        return (user, id);
    }

    public static SessionId IdOf(string id) => SessionId.From(Guid.Parse(id));

    public static async Task EventuallyAsync(Func<Task<bool>> holds, string what, double seconds = 10)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"never: {what}\n" + string.Join('\n', TestLog.Lines.TakeLast(5)));
            await Task.Delay(10);
        }
    }
}
