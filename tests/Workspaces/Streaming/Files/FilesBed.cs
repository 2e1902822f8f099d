using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming.Files;

/// <summary>The whole server with a real session on this machine, its owner, and where there is one a real virus scanner.</summary>
public sealed class FilesBed : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("ss-files-").FullName;
    private int number;

    /// <summary>Another scanner than the bed's own; null for that.</summary>
    public string? Address { get; init; }

    internal Clamd? Scanner { get; private set; }

    public TestApp App { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Requirements.SkipReason("local") is not null)
            return;
        File.SetUnixFileMode(root, (UnixFileMode)0b111_001_001);
        Scanner = Address is null && Requirements.SkipReason("clamd") is null ? await Clamd.StartAsync() : null;
        App = await TestApp.StartAsync(options =>
        {
            options.Settings["Runtimes:Local:Enabled"] = "true";
            options.Settings["Runtimes:Local:DataDirectory"] = Path.Combine(root, "local");
            options.Settings["Runtimes:Local:RunDirectory"] = Path.Combine(root, "s");
            options.Settings["Streaming:WaitingRoom"] = Path.Combine(root, "waiting");
            options.Settings["Streaming:MaxFileBytes"] = "300000000";
            options.Settings["Dlp:ClamAv:Address"] = Address ?? Scanner?.Socket;
        });
        Admin = await App.AdminAsync();
    }

    public async Task DisposeAsync()
    {
        if (App is not null)
        {
            foreach (var session in (await (await Admin.GetAsync("/api/v1/sessions?limit=200")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray())
                await App.Services.GetRequiredService<ISessionRuntime>().DeleteAsync(SessionId.From(session.GetProperty("id").GetGuid()), CancellationToken.None);
            await App.DisposeAsync();
        }

        if (Scanner is not null)
            await Scanner.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    /// <summary>A person with a session that runs.</summary>
    public async Task<Owner> OwnerAsync()
    {
        var name = $"owner-{Interlocked.Increment(ref number)}";
        var client = await App.UserAsync(name);
        var made = await client.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal" });
        var session = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        for (var left = 600; ; left--)
        {
            var seen = await client.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session}");
            if (seen.GetProperty("phase").GetString() == "running")
                return new(this, client, session, name);
            Assert.True(left > 0 && seen.GetProperty("phase").GetString() != "failed", seen.ToString());
            await Task.Delay(100);
        }
    }
}

/// <summary>A person, and what they do with the files of their session.</summary>
public sealed record Owner(FilesBed Bed, HttpClient Client, string Session, string Name)
{
    public string Root => $"/api/v1/console/files/{Session}";

    public Task<HttpResponseMessage> UploadAsync(string path, byte[] content, string more = "") =>
        Client.PostAsync($"{Root}/upload?path={Uri.EscapeDataString(path)}{more}", new ByteArrayContent(content));

    public Task<HttpResponseMessage> UploadAsync(string path, string content, string more = "") => UploadAsync(path, Encoding.UTF8.GetBytes(content), more);

    public Task<HttpResponseMessage> DownloadAsync(string path) => Client.GetAsync($"{Root}/download?path={Uri.EscapeDataString(path)}");

    public async Task<IReadOnlyList<string>> NamesAsync(string path = "") =>
        [.. (await Client.GetFromJsonAsync<JsonElement>($"{Root}?limit=200&path={Uri.EscapeDataString(path)}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];

    /// <summary>Runs a shell line inside the session.</summary>
    public async Task<string> RunAsync(string script)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var runtime = Bed.App.Services.GetRequiredService<ISessionRuntime>();
        await using var terminal = await runtime.ExecAsync(SessionId.From(Guid.Parse(Session)), new ExecSpec(["/bin/sh", "-c", script], new Dictionary<string, string>(StringComparer.Ordinal)), patience.Token);
        using var reader = new StreamReader(terminal.Stream);
        return (await reader.ReadToEndAsync(patience.Token)).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>A policy about this session alone.</summary>
    public async Task<string> PolicyAsync(object rules)
    {
        var answer = await Bed.Admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = $"Files of {Name} {Guid.CreateVersion7():N}", severity = "high", apply_to = new { sessions = new[] { Session } }, rules });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    /// <summary>The newest violation in this session.</summary>
    public async Task<JsonElement> ViolationAsync()
    {
        for (var left = 100; ; left--)
        {
            var found = (await Bed.Admin.GetFromJsonAsync<JsonElement>($"/api/v1/dlp/violations?session={Session}")).GetProperty("items");
            if (found.GetArrayLength() > 0)
                return found[0];
            Assert.True(left > 0, "no violation was written");
            await Task.Delay(50);
        }
    }
}

internal static class FileAnswers
{
    /// <summary>The refusal's code, and the field it names.</summary>
    public static async Task<(int Status, string? Code, string? Field)> RefusalAsync(this HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
            return ((int)answer.StatusCode, null, null);
        var error = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("error");
        return ((int)answer.StatusCode, error.GetProperty("code").GetString(), error.TryGetProperty("details", out var d) && d.ValueKind == JsonValueKind.Object && d.TryGetProperty("field", out var f) ? f.GetString() : null);
    }

    public static async Task<string> TextAsync(this HttpResponseMessage answer) => JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString()!;
}
