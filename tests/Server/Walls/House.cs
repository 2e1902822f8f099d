using System.Reflection;
using System.Runtime.CompilerServices;

namespace StreamSpace.Server.Tests.Walls;

/// <summary>The repository and the assemblies that the walls are about. Nothing here is a list of modules: they are found.</summary>
internal static class House
{
    /// <summary>The root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Projects under src whose folder holds modules: those marked as a wing.</summary>
    public static IReadOnlyList<string> Wings { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p => File.ReadAllText(p).Contains("<Wing>true</Wing>", StringComparison.Ordinal))
            .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    /// <summary>Every product assembly that the server consists of.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } = Load();

    /// <summary>Assemblies of the wings.</summary>
    public static IEnumerable<Assembly> WingAssemblies => Assemblies.Where(a => Wings.Contains(a.GetName().Name));

    /// <summary>The module a namespace belongs to: <c>StreamSpace.Sessions.Launch</c> is in <c>Sessions</c>.</summary>
    public static string? ModuleOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        var parts = type.Namespace?.Split('.') ?? [];
        return parts is ["StreamSpace", var module, ..] ? module : null;
    }

    /// <summary>Sources of ours below a folder, without what the build made.</summary>
    public static IEnumerable<string> Sources(string folder, params string[] endings)
    {
        var root = Path.Combine(Root, folder);
        return !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)))
            .Where(f => !Path.GetRelativePath(root, f).Split('/').Any(p => p is "bin" or "obj" or "node_modules" or "dist"))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>A path as it is written in a report.</summary>
    public static string Short(string path) => Path.GetRelativePath(Root, path);

    /// <summary>Fails with one line per violation.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var found = violations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, $"{found.Count} violation(s):\n  " + string.Join("\n  ", found.Take(40)));
    }

    /// <summary>Types written by people, not by the compiler.</summary>
    public static bool IsWritten(Type type) => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.Namespace?.StartsWith("StreamSpace", StringComparison.Ordinal) == true;

    private static List<Assembly> Load()
    {
        var seen = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        Visit(typeof(ServerHost).Assembly);
        return [.. seen.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)];

        void Visit(Assembly assembly)
        {
            if (!seen.TryAdd(assembly.GetName().Name!, assembly))
                return;
            foreach (var next in assembly.GetReferencedAssemblies().Where(n => n.Name!.StartsWith("StreamSpace", StringComparison.Ordinal)))
                Visit(Assembly.Load(next));
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamSpace.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
