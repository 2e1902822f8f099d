using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Client;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Bench.Sessions;

/// <summary>The whole server in this process over a runtime made by hand, for what is about rows and events and not about processes.</summary>
internal static class Bed
{
    public static Task<TestApp> StartAsync(FakeRuntime runtime, string? database = null) => TestApp.StartAsync(options =>
    {
        options.Database = database;
        options.Services = services => services.AddSingleton<ISessionRuntime>(runtime);
        options.Settings["Sessions:MaxPerUser"] = "0";
    });

    public static async Task<StreamSpaceClient> LogInAsync(TestApp app)
    {
        var client = new StreamSpaceClient(app.Address);
        await client.Auth.LogInAsync(TestApp.AdminName, TestApp.Password, remember: false, CancellationToken.None);
        return client;
    }
}
