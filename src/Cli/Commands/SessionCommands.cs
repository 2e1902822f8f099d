using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Sessions: list, show, logs, hibernate, wake, delete, open. Creating and sharing have files of their own.</summary>
internal static class SessionCommands
{
    public static Command Create(CliTerminal terminal) => new("session", "Running and hibernated desktops and applications")
    {
        List(terminal), SessionCreate.Create(terminal), Show(terminal), Logs(terminal), Hibernate(terminal), Wake(terminal), Delete(terminal), Open(terminal),
        ShareCommands.Share(terminal), ShareCommands.List(terminal), ShareCommands.End(terminal),
    };

    internal static Argument<string> Named(CliTerminal terminal)
    {
        var argument = new Argument<string>("session") { Description = "Name or id of the session" };
        argument.CompletionSources.Add(context => Suggestions.Sessions(context.ParseResult, terminal));
        return argument;
    }

    internal static Option<bool> NoWait() => new("--no-wait") { Description = "Do not wait until it is done" };

    internal static void Facts(CliTerminal terminal, Session s) => Answer.Facts(
        terminal,
        ("Name", s.Name), ("Id", s.Id), ("Owner", s.Owner?.Username), ("Template", s.Template?.DisplayName ?? s.Template?.Name), ("Runtime", s.Runtime),
        ("Phase", s.Phase == s.State || s.State is null ? s.Phase : $"{s.Phase} (wanted: {s.State})"), ("Reason", s.Reason), ("Message", s.Message),
        ("Viewers", s.Viewers is { } viewers and > 0 ? viewers.ToString(CultureInfo.InvariantCulture) : null),
        ("Created", Words.Ago(s.CreatedAt, terminal.Clock)), ("Last used", Words.Ago(s.LastActivityAt, terminal.Clock)));

    private static Command List(CliTerminal terminal)
    {
        var phase = new Option<string?>("--phase") { Description = "Only those in this phase", HelpName = "phase" };
        var template = new Option<string?>("--template") { Description = "Only those of this template", HelpName = "name" };
        var owner = new Option<string?>("--owner") { Description = "Only those of this person (administrators)", HelpName = "username" };
        var limit = new Option<int>("--limit") { Description = "At most this many", HelpName = "number", DefaultValueFactory = _ => 200 };
        var command = new Command("list", "List sessions") { phase, template, owner, limit };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var filter = new SessionFilter(parsed.GetValue(phase), parsed.GetValue(template), parsed.GetValue(owner));
            List<Session> found = [];
            string? cursor = null;
            do
            {
                var page = await client.Sessions.ListAsync(filter, cursor, Math.Clamp(parsed.GetValue(limit) - found.Count, 1, 200), ct);
                found.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null && found.Count < parsed.GetValue(limit));
            Answer.Write(parsed, terminal, found, () => Table(terminal, found));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Table(CliTerminal terminal, List<Session> found)
    {
        if (found.Count == 0)
        {
            terminal.Error.WriteLine("No session. Launch one with: streamspace session create TEMPLATE");
            return;
        }

        Answer.Table(terminal, ["Name", "Template", "Phase", "Runtime", "Owner", "Last used"], found.Select(s => new[]
        {
            s.Name, s.Template?.Name ?? "", s.Phase, s.Runtime ?? "", s.Owner?.Username ?? "", Words.Ago(s.LastActivityAt ?? s.CreatedAt, terminal.Clock),
        }));
    }

    private static Command Show(CliTerminal terminal)
    {
        var session = Named(terminal);
        var command = new Command("show", "Show one session") { session };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var found = await client.Sessions.GetAsync(parsed.GetRequiredValue(session), ct);
            Answer.Write(parsed, terminal, found, () => Facts(terminal, found));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Logs(CliTerminal terminal)
    {
        var session = Named(terminal);
        var tail = new Option<int?>("--tail") { Description = "Only the last lines", HelpName = "number" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes" };
        var command = new Command("logs", "Show what a session's programs wrote") { session, tail, follow };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            await using var log = await client.Sessions.LogsAsync(parsed.GetRequiredValue(session), parsed.GetValue(tail), parsed.GetValue(follow), ct);
            using var reader = new StreamReader(log);
            while (await reader.ReadLineAsync(ct) is { } line)
                await terminal.Out.WriteLineAsync(line);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Hibernate(CliTerminal terminal) =>
        Acting(terminal, "hibernate", "End a session's programs and keep its home", Phases.Hibernated, "Hibernating", (client, session, ct) => client.Sessions.HibernateAsync(session, ct));

    private static Command Wake(CliTerminal terminal) =>
        Acting(terminal, "wake", "Bring a frozen or hibernated session back", Phases.Running, "Waking", (client, session, ct) => client.Sessions.WakeAsync(session, ct));

    private static Command Acting(CliTerminal terminal, string name, string description, string wanted, string title, Func<StreamSpaceClient, string, CancellationToken, Task<Session>> act)
    {
        var session = Named(terminal);
        var noWait = NoWait();
        var command = new Command(name, description) { session, noWait };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var asked = await act(client, parsed.GetRequiredValue(session), ct);
            return await LaunchView.FinishAsync(parsed, terminal, client, asked, title, wanted, parsed.GetValue(noWait), ct);
        });
        return command;
    }

    private static Command Delete(CliTerminal terminal)
    {
        var session = Named(terminal);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new Command("delete", "End a session for good; the home of its owner stays") { session, yes };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var found = await client.Sessions.GetAsync(parsed.GetRequiredValue(session), ct);
            if (!parsed.GetValue(yes))
            {
                if (!terminal.Interactive)
                    throw new CliFailure(ExitCode.Usage, $"Nobody can be asked here: say --yes to end {found.Name}.");
                if (!terminal.Messages.Confirm($"End session {Markup.Escape(found.Name)} for good?", defaultValue: false))
                    return ExitCode.Failure;
            }

            await client.Sessions.DeleteAsync(found.Id, ct);
            await terminal.Out.WriteLineAsync($"Ended {found.Name}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Open(CliTerminal terminal)
    {
        var session = Named(terminal);
        var print = new Option<bool>("--print") { Description = "Only print the address" };
        var command = new Command("open", "Open a session in the browser") { session, print };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var way = await client.Sessions.ConnectionAsync(parsed.GetRequiredValue(session), ct);
            var page = new Uri(client.Server, way.PageUrl).AbsoluteUri;
            await terminal.Out.WriteLineAsync(page);
            if (!parsed.GetValue(print))
                Browser.TryOpen(page, terminal);
            return ExitCode.Done;
        });
        return command;
    }
}
