using StreamSpace.Kernel;

namespace StreamSpace.Server;

/// <summary><c>migrate up</c> and <c>migrate status</c>.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(WebApplication app, string command)
    {
        var migrator = app.Services.GetRequiredService<Migrator>();
        if (command == "migrate up")
            await migrator.UpAsync(CancellationToken.None);
        var pending = 0;
        foreach (var (migration, applied) in await migrator.StatusAsync(CancellationToken.None))
        {
            Console.WriteLine($"{(applied ? "applied" : "pending")}  {migration.Module}/{migration.Name}");
            pending += applied ? 0 : 1;
        }

        Console.WriteLine(pending == 0 ? "The database is up to date." : $"{pending} to apply: run 'migrate up', or just start the server.");
        return 0;
    }
}
