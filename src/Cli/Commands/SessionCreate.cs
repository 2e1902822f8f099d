using System.CommandLine;
using StreamSpace.Cli.Logins;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Launches a session and shows its steps until it runs.</summary>
internal static class SessionCreate
{
    public static Command Create(CliTerminal terminal)
    {
        var template = new Argument<string>("template") { Description = "Name of the template" };
        template.CompletionSources.Add(context => Suggestions.Templates(context.ParseResult, terminal));
        var name = Text("--name", "Name of the session", "name");
        var runtime = Text("--runtime", "Where it runs", "local|docker");
        var cpu = Text("--cpu", "Processors: 2 or 1500m", "amount");
        var memory = Text("--memory", "Memory: 2Gi", "size");
        var idle = Text("--idle-timeout", "Hibernate after this long without activity: 30m", "duration");
        var freeze = Text("--freeze-after", "Freeze after this long without activity: 10m", "duration");
        var longest = Text("--max-duration", "End this long after the start: 8h", "duration");
        var geometry = Text("--geometry", "Size of the screen: 1280x800", "size");
        var reason = Text("--reason", "Why; some templates demand it", "text");
        var tags = new Option<string[]>("--tag") { Description = "Tag; may be given several times", HelpName = "tag" };
        var environment = new Option<string[]>("--env", "-e") { Description = "NAME=VALUE for the session's programs; may be given several times", HelpName = "name=value" };
        environment.Validators.Add(r =>
        {
            if (r.Tokens.Any(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                r.AddError("--env is written NAME=VALUE.");
        });
        var noWait = SessionCommands.NoWait();
        var command = new Command("create", "Launch a session") { template, name, runtime, cpu, memory, idle, freeze, longest, geometry, reason, tags, environment, noWait };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var resources = new NewResources(parsed.GetValue(cpu), parsed.GetValue(memory));
            var asked = await client.Sessions.CreateAsync(
                new NewSession
                {
                    Template = parsed.GetRequiredValue(template),
                    Name = parsed.GetValue(name),
                    Runtime = parsed.GetValue(runtime),
                    Resources = resources == new NewResources() ? null : resources,
                    IdleTimeout = parsed.GetValue(idle),
                    FreezeAfter = parsed.GetValue(freeze),
                    MaxDuration = parsed.GetValue(longest),
                    Geometry = parsed.GetValue(geometry),
                    Reason = parsed.GetValue(reason),
                    Tags = parsed.GetValue(tags) is { Length: > 0 } given ? given : null,
                    Env = parsed.GetValue(environment) is { Length: > 0 } pairs ? Pairs(pairs) : null,
                },
                ct);
            return await LaunchView.FinishAsync(parsed, terminal, client, asked, "Launching", Phases.Running, parsed.GetValue(noWait), ct);
        });
        return command;
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static Dictionary<string, string> Pairs(string[] pairs)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
            read[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return read;
    }
}
