using System.CommandLine;

namespace StreamSpace.Cli.Commands;

/// <summary>Migrations of the database, done by the server's own program.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data directory of the server", HelpName = "directory", Recursive = true };
        var command = new Command("migrate", "Bring the database of this machine's server up to date") { data };
        foreach (var (name, description) in new[] { ("up", "Apply what is missing"), ("status", "List what is applied and what is missing") })
        {
            var verb = new Command(name, description);
            verb.SetAction(parsed => ServerBinary.Become(parsed.GetValue(data) is { } directory ? ["migrate", name, "--data", directory] : ["migrate", name]));
            command.Add(verb);
        }

        return command;
    }
}
