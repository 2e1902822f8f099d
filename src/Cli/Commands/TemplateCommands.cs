using System.CommandLine;
using System.Globalization;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>The catalogue.</summary>
internal static class TemplateCommands
{
    public static Command Create(CliTerminal terminal)
    {
        var search = new Argument<string?>("search") { Description = "Text to look for", Arity = ArgumentArity.ZeroOrOne };
        var category = new Option<string?>("--category") { Description = "Only this category", HelpName = "name" };
        var list = new Command("list", "List what can be launched") { search, category };
        list.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var found = await AllAsync(client, parsed.GetValue(search), parsed.GetValue(category), ct);
            Answer.Write(parsed, terminal, found, () => Table(terminal, found));
            return ExitCode.Done;
        });
        return new Command("template", "The catalogue") { list };
    }

    internal static async Task<List<Template>> AllAsync(StreamSpaceClient client, string? search, string? category, CancellationToken ct)
    {
        List<Template> found = [];
        string? cursor = null;
        do
        {
            var page = await client.Templates.ListAsync(search, category, cursor, ct);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    private static void Table(CliTerminal terminal, List<Template> found)
    {
        if (found.Count == 0)
        {
            terminal.Error.WriteLine("Nothing in the catalogue matches.");
            return;
        }

        Answer.Table(terminal, ["Name", "Title", "Category", "Starts in", "Runtimes"], found.Select(t => new[]
        {
            t.Name,
            t.DisplayName ?? t.Name,
            t.Category ?? "",
            t.StartMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:0.0} s") : "",
            string.Join(", ", t.Runtimes.Select(r => r.State == "ready" ? r.Name : $"{r.Name} ({r.State.Replace('_', ' ')})")),
        }));
    }
}
