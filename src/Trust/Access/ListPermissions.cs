using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Access;

internal static class ListPermissions
{
    public sealed record Item(string Name, string Sentence, IReadOnlyList<string> Roles);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/permissions", Handle).Needs(AccessPermissions.View)
        .WithSummary("Every permission, and which roles hold it").WithTags("Access");

    internal static Page<Item> Handle(PermissionRegistry registry) => new(
        [.. registry.All.Select(p => new Item(p.Name, p.Sentence, [.. PlatformRole.All.Where(r => r.Holds(p)).Select(r => r.Name)]))], null, registry.All.Count);
}
