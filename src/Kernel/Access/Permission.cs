namespace StreamSpace.Kernel;

/// <summary>The platform roles that hold a permission from the start.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nobody but administrators, who hold every permission.</summary>
    Admin = 0,

    /// <summary>People who use sessions.</summary>
    User = 1,

    /// <summary>People who must see everything and change nothing.</summary>
    Auditor = 2,

    /// <summary>People who keep the platform running.</summary>
    Operator = 4,

    /// <summary>People who create and administer teams.</summary>
    TeamAdmin = 8,

    /// <summary>People who may look at their own things only.</summary>
    ReadOnly = 16,

    /// <summary>Whoever works with sessions of their own.</summary>
    Everyday = User | Operator | TeamAdmin,

    /// <summary>Everybody who is logged in.</summary>
    Everyone = User | Auditor | Operator | TeamAdmin | ReadOnly,
}

/// <summary>One thing a caller may do. Declared as static readonly fields of a module's <c>…Permissions</c> class.</summary>
/// <param name="Name"><c>resource.action</c>: <c>sessions.create</c>.</param>
/// <param name="Sentence">What it allows, as a sentence for the permissions page.</param>
/// <param name="HeldBy">Platform roles that hold it from the start; administrators always do.</param>
public sealed record Permission(string Name, string Sentence, Roles HeldBy = Roles.Admin);

/// <summary>Every permission of every module, found by reflection at start. The one place that knows them all.</summary>
public sealed class PermissionRegistry(IReadOnlyList<Permission> all)
{
    private readonly Dictionary<string, Permission> byName = all.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>All permissions, by name.</summary>
    public IReadOnlyList<Permission> All { get; } = [.. all.OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>Finds one by its name.</summary>
    public Permission? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Reads the static <see cref="Permission"/> fields of the modules' assemblies.</summary>
    public static PermissionRegistry From(IEnumerable<IModule> modules) => new(
        [.. modules.Select(m => m.GetType().Assembly).Distinct()
            .SelectMany(a => a.GetTypes())
            .Where(t => t.IsAbstract && t.IsSealed && t.Name.EndsWith("Permissions", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(Permission))
            .Select(f => (Permission)f.GetValue(null)!)]);
}
