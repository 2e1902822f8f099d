using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Server.Tests.Doors;

/// <summary>One endpoint, as somebody outside sees it: a method, an address, and what it says it needs.</summary>
internal sealed record Door(string Method, string Route, EndpointAccess? Access)
{
    /// <summary>What the permission column says.</summary>
    public string Needs => Access switch { null => "nobody", { Anonymous: true } => "anonymous", { Permission: null } => "login", { Permission: { } p } => p.Name };

    /// <summary>Names in braces.</summary>
    public IReadOnlyList<string> Parameters { get; } = [.. Route.Split('{').Skip(1).Select(p => p[..p.IndexOf('}', StringComparison.Ordinal)].TrimStart('*').Split(':')[0])];

    /// <summary>Every endpoint of the running server; nothing here is a list by hand.</summary>
    public static IReadOnlyList<Door> All(IServiceProvider services) =>
    [
        .. from endpoint in ((EndpointDataSource)services.GetService(typeof(EndpointDataSource))!).Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           let door = new Door(method, "/" + endpoint.RoutePattern.RawText?.Trim('/'), endpoint.Metadata.GetMetadata<EndpointAccess>())
           orderby door.Route, door.Method
           select door,
    ];

    /// <summary>The address with its parameters filled in.</summary>
    public string At(IReadOnlyDictionary<string, string> values)
    {
        var path = Route;
        foreach (var parameter in Parameters)
        {
            var start = path.IndexOf('{', StringComparison.Ordinal);
            var end = path.IndexOf('}', StringComparison.Ordinal);
            path = path[..start] + Uri.EscapeDataString(values[parameter]) + path[(end + 1)..];
        }

        return path;
    }
}
