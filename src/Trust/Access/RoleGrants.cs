using System.Collections.Concurrent;
using System.Collections.Frozen;
using StreamSpace.Contracts.Access;
using StreamSpace.Kernel;

namespace StreamSpace.Access;

/// <summary>Adds up what roles permit. A set of roles is added up once.</summary>
internal sealed class RoleGrants(PermissionRegistry registry) : IRoleGrants
{
    private readonly ConcurrentDictionary<string, FrozenSet<string>> sums = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Roles { get; } = [.. PlatformRole.All.Select(r => r.Name)];

    public string Administrator => PlatformRole.Admin.Name;

    public string Newcomer => PlatformRole.User.Name;

    public IReadOnlySet<string> PermissionsOf(IReadOnlyCollection<string> roles)
    {
        var held = PlatformRole.All.Where(r => roles.Contains(r.Name)).ToArray();
        return sums.GetOrAdd(string.Join(' ', held.Select(r => r.Name)), _ => registry.All.Where(p => held.Any(r => r.Holds(p))).Select(p => p.Name).ToFrozenSet(StringComparer.Ordinal));
    }
}
