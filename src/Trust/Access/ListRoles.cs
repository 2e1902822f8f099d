using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Access;

internal static class ListRoles
{
    public sealed record Item(string Name, string Sentence, IReadOnlyList<string> Permissions);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles", Handle).Needs(AccessPermissions.View)
        .WithSummary("Every role, and what it permits").WithTags("Access");

    internal static Page<Item> Handle(PermissionRegistry registry) => new(
        [.. PlatformRole.All.Select(r => new Item(r.Name, r.Sentence, [.. registry.All.Where(r.Holds).Select(p => p.Name)]))], null, PlatformRole.All.Count);
}
