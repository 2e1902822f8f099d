using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Kernel;
using StreamSpace.Server;

namespace StreamSpace.Testing;

/// <summary>What a test changes about the server it starts.</summary>
public sealed class TestAppOptions
{
    /// <summary>Connection string; null makes a fresh database. Give two servers the same one to make replicas.</summary>
    public string? Database { get; set; }

    /// <summary>Settings on top of the tests' own.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Further services, last: a fake runtime, a clock made by hand.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Further routes below /api/v1, for tests of the kernel itself.</summary>
    public Action<IEndpointRouteBuilder>? Routes { get; set; }

    /// <summary>True creates the administrator <see cref="TestApp.AdminName"/>.</summary>
    public bool WithAdmin { get; set; } = true;
}

/// <summary>The whole server on a real PostgreSQL and a real socket, as tests see it.</summary>
public sealed class TestApp : IAsyncDisposable
{
    /// <summary>The administrator every test server starts with.</summary>
    public const string AdminName = "admin";

    /// <summary>The password of everybody in tests.</summary>
    public const string Password = "correct horse battery 9";

    private readonly WebApplication app;
    private readonly string data;

    private TestApp(WebApplication app, string database, string data)
    {
        this.app = app;
        this.data = data;
        Database = database;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Anonymous = NewClient();
    }

    /// <summary>The database's connection string.</summary>
    public string Database { get; }

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; }

    /// <summary>A client without credentials or cookies.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>The server's services, to look behind the door where a test must.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Starts a server.</summary>
    public static async Task<TestApp> StartAsync(Action<TestAppOptions>? configure = null)
    {
        var options = new TestAppOptions();
        configure?.Invoke(options);
        var database = options.Database ?? await TestDatabase.CreateAsync();
        var data = Directory.CreateTempSubdirectory("sst-data-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data"] = data,
            ["RateLimits:UserPerMinute"] = "0",
            ["RateLimits:AdminPerMinute"] = "0",
            ["RateLimits:WebPerMinute"] = "0",
            ["RateLimits:AddressPerMinute"] = "0",
            ["RateLimits:LoginPerMinute"] = "0",
            ["Runtimes:Local:Enabled"] = "false",
            ["Runtimes:Docker:Enabled"] = "false",
            ["Runtimes:Local:DataDirectory"] = Path.Combine(data, "local"),
            ["Runtimes:Local:RunDirectory"] = Path.Combine(data, "s"),
            ["Recordings:Directory"] = Path.Combine(data, "recordings"),
            ["Streaming:WaitingRoom"] = Path.Combine(data, "waiting"),
        });
        builder.Configuration.AddInMemoryCollection(options.Settings);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new TestLog());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // Replicas share the key that is not in the database, as they would in earnest.
        ServerHost.Add(builder, database, MasterKey.Load(Convert.ToBase64String(new byte[32]), ""));
        options.Services?.Invoke(builder.Services);
        var app = builder.Build();
        ServerHost.Use(app);
        options.Routes?.Invoke(app.MapGroup("/api/v1").WithRules());
        if (options.WithAdmin)
            await Person.AddAdministratorAsync(app.Services, AdminName);
        await app.StartAsync();
        return new TestApp(app, database, data);
    }

    /// <summary>A client with a cookie jar of its own or none.</summary>
    public HttpClient NewClient(bool cookies = false) => new(new SocketsHttpHandler { UseCookies = cookies, AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A client that sends the administrator's access token.</summary>
    public async Task<HttpClient> AdminAsync() => ClientOf(await Person.LogInAsync(this, AdminName));

    /// <summary>Creates a user with these roles and answers a client that sends their access token.</summary>
    public async Task<HttpClient> UserAsync(string username, params string[] roles) => ClientOf(await Person.MakeAsync(this, username, roles));

    /// <summary>A client that sends the person's access token.</summary>
    public HttpClient ClientOf(Person person)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", person.Token);
        return client;
    }

    /// <summary>Logs in by password through the door, as an API client does.</summary>
    public async Task<HttpClient> LoginAsync(string username)
    {
        var answer = await Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username, password = Password });
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"POST /auth/login: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", body.GetProperty("access_token").GetString());
        return client;
    }

    /// <summary>Stops the server as a service manager would.</summary>
    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
