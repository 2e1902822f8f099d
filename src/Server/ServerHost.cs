using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using StreamSpace.Kernel;
using StreamSpace.Runtimes.Docker;
using StreamSpace.Runtimes.Local;

namespace StreamSpace.Server;

/// <summary>Builds the web application; tests build the same one.</summary>
public static class ServerHost
{
    internal static WebApplication Build(ServerOptions options, IConfiguration settings, string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Runtimes:Default"] = options.Runtime,
            ["Runtimes:Local:DataDirectory"] = Path.Combine(options.Data, "local"),
            ["Runtimes:Local:RunDirectory"] = Path.Combine(options.RunDirectory, "s"),
            ["Runtimes:Docker:Installation"] = Installation(options, settings),
            ["Runtimes:Docker:ImagesPath"] = settings["Images"],
            ["Recordings:Directory"] = Path.Combine(options.Data, "recordings"),
            ["Streaming:WaitingRoom"] = Path.Combine(options.Data, "waiting"),
        }.Where(p => builder.Configuration[p.Key] is null));
        builder.Logging.ClearProviders();
        if (options.JsonLog)
            builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        else
            builder.Logging.AddSimpleConsole(text => (text.SingleLine, text.ColorBehavior, text.TimestampFormat) = (true, LoggerColorBehavior.Default, "HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning).AddFilter("StreamSpace.Kernel.RequestLog", LogLevel.Information);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, settings));
        Add(builder, connectionString, MasterKey.Load(settings["MasterKey"], Path.Combine(options.Data, "master.key")));
        var app = builder.Build();
        Use(app);
        return app;
    }

    /// <summary>Registers everything the server consists of.</summary>
    public static void Add(WebApplicationBuilder builder, string connectionString, MasterKey masterKey)
    {
        var modules = Modules.All();
        builder.Services.AddKernel(builder.Configuration, modules, connectionString, masterKey);
        if (builder.Configuration.GetValue("Runtimes:Local:Enabled", true))
            builder.Services.AddLocalRuntime(builder.Configuration);
        if (builder.Configuration.GetValue("Runtimes:Docker:Enabled", true))
            builder.Services.AddDockerRuntime(builder.Configuration);
        foreach (var module in modules)
            module.Add(builder.Services, builder.Configuration);
    }

    /// <summary>Orders the pipeline and maps every route.</summary>
    public static void Use(WebApplication app)
    {
        app.UsePipeline();
        WebUi.Use(app);
        var api = app.MapGroup("/api/v1").WithRules();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocs();
        foreach (var module in app.Services.GetRequiredService<IReadOnlyList<IModule>>())
        {
            module.Map(api);
            module.MapOutside(app);
        }
    }

    internal static async Task RunAsync(WebApplication app, ServerOptions options)
    {
        await app.Services.GetRequiredService<Migrator>().UpAsync(CancellationToken.None);
        await app.StartAsync();
        await SetupCodeFile.ShowAsync(app.Services, options); // first: who waits for the next line reads the file then
        Console.WriteLine($"StreamSpace is ready at {options.Address}");
        await app.WaitForShutdownAsync();
    }

    // Replicas share a database, and with it their containers; another database means other containers.
    private static string Installation(ServerOptions options, IConfiguration settings)
    {
        if (settings["Database:ConnectionString"] is not { Length: > 0 } connectionString)
            return Path.GetFileName(options.RunDirectory);
        var database = new Npgsql.NpgsqlConnectionStringBuilder(connectionString);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{database.Host}:{database.Port}/{database.Database}"));
        return "streamspace-" + Convert.ToHexStringLower(hash)[..8];
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options, IConfiguration settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // the pipeline limits per endpoint
        if (options.OnLoopback && options.Port != 0)
            kestrel.ListenLocalhost(options.Port);
        else
        {
            kestrel.Listen(IPAddress.Parse(options.Bind), options.Port, endpoint =>
            {
                if (options.Tls)
                    endpoint.UseHttps(Certificates.Load(settings, options.Data, options.Bind, TimeProvider.System));
            });
        }
    }
}
