using StreamSpace.Kernel;

namespace StreamSpace.Server.Tests.Walls;

/// <summary>The rule itself, apart from the house it is applied to, so that a planted violation can prove that it bites.</summary>
internal static class ModuleWalls
{
    /// <summary>A module knows itself, the kernel and the published language; nobody knows it but the server's list.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Type> types, IReadOnlySet<string> modules)
    {
        foreach (var type in types)
        {
            if (House.ModuleOf(type) is not { } own || !modules.Contains(own))
                continue;
            foreach (var used in Uses.Of(type))
            {
                if (House.ModuleOf(used) is { } other && other != own && modules.Contains(other))
                    yield return $"{own} must not know {other}: {type.FullName} uses {used.FullName}";
            }
        }
    }

    /// <summary>The kernel stands under every module and knows the words of none.</summary>
    public static IEnumerable<string> WordsOfModules(IEnumerable<Type> kernel)
    {
        foreach (var type in kernel)
        {
            foreach (var used in Uses.Of(type).Where(u => u.Namespace?.StartsWith("StreamSpace.Contracts.", StringComparison.Ordinal) == true))
                yield return $"The kernel must not know {used.FullName}: {type.FullName} uses it";
        }
    }
}

/// <summary>Walls 1 to 4 of the house.</summary>
public sealed class ModuleWallsTests
{
    private static readonly HashSet<string> Modules = [.. StreamSpace.Server.Modules.All().Select(m => House.ModuleOf(m.GetType())!)];

    [Fact]
    public void A_module_knows_no_other_module() =>
        House.Holds(ModuleWalls.Violations(House.WingAssemblies.SelectMany(a => a.GetTypes()), Modules));

    [Fact]
    public void A_planted_use_of_another_module_is_found()
    {
        var found = ModuleWalls.Violations([typeof(PlantedShop.Counter), typeof(PlantedShop.Shelf)], new HashSet<string> { "PlantedShop", "PlantedCellar" }).ToList();

        Assert.Contains(found, v => v.Contains("StreamSpace.PlantedShop.Counter uses StreamSpace.PlantedCellar.Barrel", StringComparison.Ordinal));
        Assert.DoesNotContain(found, v => v.Contains("Shelf", StringComparison.Ordinal));
    }

    [Fact]
    public void The_kernel_knows_no_words_of_a_module() =>
        House.Holds(ModuleWalls.WordsOfModules(typeof(IModule).Assembly.GetTypes()));

    [Fact]
    public void Every_type_of_a_wing_lives_in_a_module()
    {
        House.Holds(
            from assembly in House.WingAssemblies
            from type in assembly.GetTypes()
            where House.IsWritten(type) && type.DeclaringType is null && !Modules.Contains(House.ModuleOf(type) ?? "")
            select $"{type.FullName} of {assembly.GetName().Name} is in no module that the server lists");
    }

    [Fact]
    public void A_folder_and_its_namespace_agree()
    {
        House.Holds(
            from wing in House.Wings
            let folder = "src/" + wing["StreamSpace.".Length..]
            from file in House.Sources(folder, ".cs")
            let parts = Path.GetRelativePath(Path.Combine(House.Root, folder), file).Split('/')
            where parts.Length > 1
            let declared = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
            where declared != $"namespace StreamSpace.{parts[0]};" && declared?.StartsWith($"namespace StreamSpace.{parts[0]}.", StringComparison.Ordinal) != true
            select $"{House.Short(file)} is in module {parts[0]} but says \"{declared}\"");
    }

    [Fact]
    public void Assemblies_refer_only_to_what_stands_below_them()
    {
        var allowed = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["StreamSpace.Contracts"] = [],
            ["StreamSpace.Rfb"] = [],
            ["StreamSpace.Kernel"] = ["StreamSpace.Contracts"],
        };
        foreach (var wing in House.Wings)
            allowed[wing] = ["StreamSpace.Kernel", "StreamSpace.Contracts", "StreamSpace.Rfb"];
        House.Holds(
            from assembly in House.Assemblies
            let name = assembly.GetName().Name
            let mayUse = allowed.GetValueOrDefault(name) ?? (name.StartsWith("StreamSpace.Runtimes.", StringComparison.Ordinal) ? ["StreamSpace.Contracts", "StreamSpace.Rfb"] : null)
            where mayUse is not null
            from reference in assembly.GetReferencedAssemblies()
            where reference.Name!.StartsWith("StreamSpace", StringComparison.Ordinal) && !mayUse.Contains(reference.Name)
            select $"{name} must not refer to {reference.Name}");
    }

    [Theory]
    [InlineData("src/Contracts")]
    [InlineData("src/Rfb")]
    [InlineData("src/Client")]
    public void The_pure_libraries_need_no_package(string folder)
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(House.Root, folder), "*.csproj"))
            Assert.DoesNotContain("PackageReference", File.ReadAllText(project), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_stands_on_the_client_and_on_what_reads_recordings_without_a_server()
    {
        var project = File.ReadAllText(Path.Combine(House.Root, "src/Cli/StreamSpace.Cli.csproj"));

        var references = System.Text.RegularExpressions.Regex.Matches(project, "ProjectReference Include=\"([^\"]+)\"").Select(m => Path.GetFileName(m.Groups[1].Value));

        Assert.Equal(["StreamSpace.Client.csproj", "StreamSpace.Rfb.csproj"], references);
    }
}
