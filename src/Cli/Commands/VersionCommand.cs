using System.CommandLine;
using System.Reflection;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Versions of this program and of the server.</summary>
internal static class VersionCommand
{
    public static string Own => typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("version", "Show the versions of this program and of the server");
        command.SetAction(async (parsed, ct) =>
        {
            string? server = null;
            try
            {
                using var client = Connection.Open(parsed, terminal, Connection.ServerOf(parsed, terminal), new MemoryTokens());
                server = (await client.Auth.SetupStateAsync(ct)).Version;
            }
            catch (ClientFailure)
            {
                // Its own version can be told without a server.
            }

            Answer.Write(parsed, terminal, new { client = Own, server }, () => Answer.Facts(terminal, ("streamspace", Own), ("Server", server ?? "not reachable")));
            return ExitCode.Done;
        });
        return command;
    }
}
