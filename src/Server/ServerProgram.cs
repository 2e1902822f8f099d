using StreamSpace.Kernel;

namespace StreamSpace.Server;

/// <summary>Starts the one process: database, modules, pipeline, web UI.</summary>
public static class ServerProgram
{
    /// <summary>Runs the server or one of its commands. 0: ended well; 1: failed, said why; 2: arguments not understood.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables("STREAMSPACE_").Build();
        if (args.Any(a => a is "--help" or "-h"))
        {
            Console.WriteLine(ServerOptions.Usage);
            return 0;
        }

        var (options, problem) = ServerOptions.Parse(args, settings);
        if (options is null)
        {
            await Console.Error.WriteLineAsync($"{problem}\n{ServerOptions.Usage}");
            return 2;
        }

        try
        {
            var ownsDatabase = settings["Database:ConnectionString"] is not { Length: > 0 };
            using var directory = ownsDatabase ? DataDirectory.Take(options) : null;
            await using var database = directory is null ? null : await StartDatabaseAsync(options);
            var connectionString = !ownsDatabase ? settings["Database:ConnectionString"]! : EmbeddedPostgres.ConnectionStringOf(SocketDirectory(options));
            await using var app = ServerHost.Build(options, settings, connectionString);
            if (options.Command != "serve")
                return await MigrateCommand.RunAsync(app, options.Command);
            await ServerHost.RunAsync(app, options);
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            await Console.Error.WriteLineAsync("StreamSpace cannot start: " + e.Message);
            return 1;
        }
    }

    private static string SocketDirectory(ServerOptions options) => Path.Combine(options.RunDirectory, "pg");

    private static Task<EmbeddedPostgres> StartDatabaseAsync(ServerOptions options)
    {
        Directory.CreateDirectory(options.RunDirectory);
        return EmbeddedPostgres.StartAsync(Path.Combine(options.Data, "postgres"), SocketDirectory(options), CancellationToken.None);
    }
}
