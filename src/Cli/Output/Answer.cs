using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using StreamSpace.Client;
using YamlDotNet.Serialization;

namespace StreamSpace.Cli.Output;

/// <summary>Writes an answer in the format asked for.</summary>
internal static class Answer
{
    private static readonly JsonSerializerOptions Indented = new(ClientJson.Options) { WriteIndented = true };

    /// <summary>Writes <paramref name="value"/> as data, or whatever <paramref name="table"/> draws.</summary>
    public static void Write(ParseResult parsed, CliTerminal terminal, object value, Action table)
    {
        switch (parsed.GetValue(Globals.Output))
        {
            case Format.Json:
                terminal.Out.WriteLine(JsonSerializer.Serialize(value, value.GetType(), Indented));
                break;
            case Format.Yaml:
                terminal.Out.Write(new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Plain(JsonSerializer.SerializeToNode(value, value.GetType(), ClientJson.Options))!));
                break;
            default:
                table();
                break;
        }
    }

    /// <summary>A table without frames: it survives grep, awk and narrow terminals.</summary>
    public static void Table(CliTerminal terminal, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.Prepend([.. columns.Select(c => c.ToUpperInvariant())]).ToList();
        var widths = Enumerable.Range(0, columns.Count).Select(i => all.Max(r => r[i].Length)).ToArray();
        for (var i = 0; i < all.Count; i++)
        {
            var line = string.Join("  ", all[i].Select((cell, column) => column == columns.Count - 1 ? cell : cell.PadRight(widths[column]))).TrimEnd();
            if (i == 0 && terminal.Interactive)
                terminal.Tables.MarkupLine($"[grey]{Markup.Escape(line)}[/]");
            else
                terminal.Out.WriteLine(line);
        }
    }

    /// <summary>Facts about one thing, a line each; empty ones are left out.</summary>
    public static void Facts(CliTerminal terminal, params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
                terminal.Out.WriteLine($"{name + ":",-14}{value}");
        }
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value), StringComparer.Ordinal),
        JsonArray a => a.Select(Plain).ToList(),
        JsonValue v when v.TryGetValue<bool>(out var truth) => truth,
        JsonValue v when v.TryGetValue<long>(out var whole) => whole,
        JsonValue v when v.TryGetValue<double>(out var number) => number,
        JsonValue v => v.GetValue<object>().ToString(),
        _ => null,
    };
}
