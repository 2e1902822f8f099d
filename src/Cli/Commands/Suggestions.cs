using System.CommandLine;
using StreamSpace.Cli.Logins;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Names for the shell's completion, asked from the server with little patience.</summary>
internal static class Suggestions
{
    public static IEnumerable<string> Sessions(ParseResult parsed, CliTerminal terminal) =>
        Ask(parsed, terminal, async (client, ct) => (await client.Sessions.ListAsync(new(), null, 100, ct)).Items.Select(s => s.Name));

    public static IEnumerable<string> Templates(ParseResult parsed, CliTerminal terminal) =>
        Ask(parsed, terminal, async (client, ct) => (await client.Templates.ListAsync(null, null, null, ct)).Items.Select(t => t.Name));

    private static string[] Ask(ParseResult parsed, CliTerminal terminal, Func<StreamSpaceClient, CancellationToken, Task<IEnumerable<string>>> ask) =>
        // The library's completion is synchronous; nothing else runs in this process meanwhile.
        Task.Run(() => AskAsync(parsed, terminal, ask)).GetAwaiter().GetResult();

    private static async Task<string[]> AskAsync(ParseResult parsed, CliTerminal terminal, Func<StreamSpaceClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        try
        {
            using var client = Connection.Open(parsed, terminal);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            return [.. await ask(client, patience.Token)];
        }
        catch (Exception)
        {
            return []; // no suggestion is better than noise in the middle of a command line
        }
    }
}
