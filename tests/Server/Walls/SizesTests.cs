namespace StreamSpace.Server.Tests.Walls;

/// <summary>Small files, full rooms.</summary>
public sealed class SizesTests
{
    private const int Limit = 400;

    /// <summary>Files that may be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> Longer = new(StringComparer.Ordinal);

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines()
    {
        House.Holds(
            from folder in new[] { "src", "tests", "bench", "web/src" }
            from file in House.Sources(folder, ".cs", ".ts", ".tsx", ".css")
            where !file.EndsWith(".gen.ts", StringComparison.Ordinal) && !Longer.ContainsKey(House.Short(file))
            let lines = File.ReadLines(file).Count()
            where lines > Limit
            select $"{House.Short(file)} has {lines} lines");
    }

    [Fact]
    public void No_exception_outlives_its_file() =>
        House.Holds(from file in Longer.Keys where !File.Exists(Path.Combine(House.Root, file)) select $"{file} is gone");

    [Fact]
    public void Files_are_small_as_a_rule()
    {
        var lengths = House.Sources("src", ".cs").Select(f => File.ReadLines(f).Count()).Order().ToList();

        Assert.InRange(lengths[lengths.Count / 2], 1, 90);
        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, 200);
    }

    [Fact]
    public void No_room_is_empty()
    {
        var solution = File.ReadAllText(Path.Combine(House.Root, "StreamSpace.slnx"));
        House.Holds(
            from project in House.Sources("src", ".csproj").Concat(House.Sources("tests", ".csproj")).Concat(House.Sources("bench", ".csproj"))
            let shortName = House.Short(project)
            let folder = Path.GetRelativePath(House.Root, Path.GetDirectoryName(project)!)
            from problem in new[]
            {
                solution.Contains(shortName, StringComparison.Ordinal) ? null : $"{shortName} is not in the solution",
                House.Sources(folder, ".cs").Any() ? null : $"{folder} is empty",
            }
            where problem is not null
            select problem);
    }

    [Fact]
    public void Every_module_has_a_door_and_a_short_readme()
    {
        House.Holds(
            from module in Modules.All()
            let type = module.GetType()
            let name = House.ModuleOf(type)
            let folder = Path.Combine(House.Root, "src", type.Assembly.GetName().Name!["StreamSpace.".Length..], name)
            from problem in new[]
            {
                type.Name == name + "Module" ? null : $"{type.FullName} should be called {name}Module",
                string.Equals(module.Name, name, StringComparison.OrdinalIgnoreCase) ? null : $"{type.Name} calls itself {module.Name}",
                File.Exists(Path.Combine(folder, "README.md")) ? null : $"{House.Short(folder)} has no README.md",
                File.Exists(Path.Combine(folder, "README.md")) && File.ReadLines(Path.Combine(folder, "README.md")).Count() > 30 ? $"{House.Short(folder)}/README.md is longer than 30 lines" : null,
            }
            where problem is not null
            select problem);
    }

    [Fact]
    public void A_slow_test_says_so_in_its_file_name_and_its_category()
    {
        House.Holds(
            from file in House.Sources("tests", ".cs")
            where House.Short(file) != "tests/Server/Walls/SizesTests.cs"
            let named = file.EndsWith(".Slow.cs", StringComparison.Ordinal)
            let marked = File.ReadAllText(file).Contains("[Trait(\"Category\", \"Slow\")]", StringComparison.Ordinal)
            where named != marked
            select $"{House.Short(file)}: {(named ? "has no [Trait(\"Category\", \"Slow\")]" : "is slow: call it *.Slow.cs")}");
    }
}
