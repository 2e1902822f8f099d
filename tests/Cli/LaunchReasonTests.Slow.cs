using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class LaunchReasonTests
{
    [Fact]
    public async Task A_launch_that_needs_a_reason_says_so_and_takes_it()
    {
        await using var app = await TestApp.StartAsync(options => options.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime()));
        using var cli = new CliRun(app);
        await cli.LogInAsync();
        var admin = await app.AdminAsync();
        var policy = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = "Say why", apply_to = new { all = true }, rules = new { require_reason = true } });
        Assert.True(policy.IsSuccessStatusCode, await policy.Content.ReadAsStringAsync());

        var refused = await cli.RunAsync("session", "create", "terminal");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("The policy Say why demands a reason", refused.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await cli.RunAsync("session", "create", "terminal", "--name", "told", "--reason", "the yearly audit")).Code);
        using var sessions = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/sessions"));
        Assert.Equal("the yearly audit", sessions.RootElement.GetProperty("items")[0].GetProperty("launch_reason").GetString());
    }
}
