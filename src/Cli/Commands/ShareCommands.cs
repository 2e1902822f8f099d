using System.CommandLine;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Sharing a session with people: share, shares, unshare.</summary>
internal static class ShareCommands
{
    public static Command Share(CliTerminal terminal)
    {
        var session = SessionCommands.Named(terminal);
        var person = new Argument<string>("person") { Description = "User name or e-mail address of somebody with an account" };
        var level = new Option<string>("--level") { Description = "view, collaborate (types and points) or control (and pastes and resizes)", HelpName = "level", DefaultValueFactory = _ => "view" };
        var span = new Option<string?>("--for") { Description = "Ends by itself after so long, such as 2h or 7d; else when you end it", HelpName = "duration" };
        var note = new Option<string?>("--note") { Description = "Something to say to the person", HelpName = "text" };
        var command = new Command("share", "Let somebody see a session, or change what they may; they see your screen as you do") { session, person, level, span, note };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var name = parsed.GetRequiredValue(person);
            var wish = new NewShare { Level = parsed.GetRequiredValue(level), ExpiresIn = parsed.GetValue(span), Note = parsed.GetValue(note) };
            var given = await client.Sessions.ShareAsync(parsed.GetRequiredValue(session), name.Contains('@', StringComparison.Ordinal) ? wish with { Email = name } : wish with { Username = name }, ct);
            Answer.Write(parsed, terminal, given, () => terminal.Out.WriteLine($"Shared with {given.User.Username} at level {given.Level}{(given.ExpiresAt is { } end ? $", until {end.ToLocalTime():g}" : "")}."));
            return ExitCode.Done;
        });
        return command;
    }

    public static Command List(CliTerminal terminal)
    {
        var session = SessionCommands.Named(terminal);
        var command = new Command("shares", "Show whom a session is shared with") { session };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var found = await AllAsync(client, parsed.GetRequiredValue(session), ct);
            Answer.Write(parsed, terminal, found, () => Table(terminal, found));
            return ExitCode.Done;
        });
        return command;
    }

    public static Command End(CliTerminal terminal)
    {
        var session = SessionCommands.Named(terminal);
        var person = new Argument<string>("person") { Description = "User name of the person, or id of the share" };
        var command = new Command("unshare", "End somebody's access to a session, or leave one that is shared with you") { session, person };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var (which, who) = (parsed.GetRequiredValue(session), parsed.GetRequiredValue(person));
            var found = (await AllAsync(client, which, ct)).FirstOrDefault(s => s.Id == who || string.Equals(s.User.Username, who, StringComparison.OrdinalIgnoreCase))
                ?? throw new CliFailure(ExitCode.NotFound, $"The session is not shared with {who}.");
            await client.Sessions.EndShareAsync(which, found.Id, ct);
            await terminal.Out.WriteLineAsync($"No longer shared with {found.User.Username}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<List<Client.Share>> AllAsync(StreamSpaceClient client, string session, CancellationToken ct)
    {
        List<Client.Share> found = [];
        string? cursor = null;
        do
        {
            var page = await client.Sessions.SharesAsync(session, cursor, ct);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    private static void Table(CliTerminal terminal, List<Client.Share> found)
    {
        if (found.Count == 0)
        {
            terminal.Error.WriteLine("Shared with nobody. Share it with: streamspace session share SESSION PERSON");
            return;
        }

        Answer.Table(terminal, ["Person", "Level", "Until", "Note", "Id"], found.Select(s => new[] { s.User.Username ?? "", s.Level, s.ExpiresAt?.ToLocalTime().ToString("g", System.Globalization.CultureInfo.InvariantCulture) ?? "ended by hand", s.Note ?? "", s.Id }));
    }
}
