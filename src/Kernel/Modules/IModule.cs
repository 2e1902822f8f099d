using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace StreamSpace.Kernel;

/// <summary>The door of a module: everything else in it is internal.</summary>
public interface IModule
{
    /// <summary>Lower-case plural noun; also the module's PostgreSQL schema and the prefix of its permissions.</summary>
    string Name { get; }

    /// <summary>Registers the module's services, options, consumers and workers.</summary>
    void Add(IServiceCollection services, IConfiguration configuration);

    /// <summary>Maps the module's routes below <c>/api/v1</c>.</summary>
    void Map(IEndpointRouteBuilder api);

    /// <summary>Maps routes that stand outside <c>/api/v1</c> (<c>/.well-known</c>).</summary>
    void MapOutside(IEndpointRouteBuilder root)
    {
    }
}
