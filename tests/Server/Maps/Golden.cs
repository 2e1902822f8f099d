using System.Text;
using StreamSpace.Server.Tests.Walls;

namespace StreamSpace.Server.Tests.Maps;

/// <summary>
/// Maps are files in docs/map that say what the program consists of. They are made from the program, and a test fails when they
/// differ, so that a new route or table shows as one added line in review. STREAMSPACE_UPDATE_MAPS=1 writes them anew.
/// </summary>
internal static class Golden
{
    public static void Holds(string name, string actual)
    {
        var path = Path.Combine(House.Root, "docs", "map", name);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("STREAMSPACE_UPDATE_MAPS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, $"docs/map/{name} is not what the program is. {Difference(expected, actual)}\nIf the change is meant: STREAMSPACE_UPDATE_MAPS=1 ./test server, and commit the file.");
    }

    /// <summary>A table in Markdown that is also easy to read as text.</summary>
    public static string Table(string title, string intro, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var text = new StringBuilder($"# {title}\n\n{intro} Made by tests/Server/Maps; do not edit.\n\n");
        text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Append(string.Concat(columns.Select(_ => "---|"))).Append('\n');
        foreach (var row in rows)
            text.Append("| ").AppendJoin(" | ", row.Select(c => (c ?? "").Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))).Append(" |\n");
        return text.ToString();
    }

    private static string Difference(string expected, string actual)
    {
        var before = expected.Split('\n').ToHashSet();
        var after = actual.Split('\n').ToHashSet();
        var lines = after.Except(before).Select(l => "+ " + l).Concat(before.Except(after).Select(l => "- " + l)).Take(12).ToList();
        return lines.Count == 0 ? "(Only the order of lines differs.)" : "\n" + string.Join("\n", lines);
    }
}
