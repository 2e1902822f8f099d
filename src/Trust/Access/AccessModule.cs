using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Access;
using StreamSpace.Kernel;

namespace StreamSpace.Access;

/// <summary>Roles and what they permit.</summary>
public sealed class AccessModule : IModule
{
    /// <inheritdoc/>
    public string Name => "access";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<IRoleGrants, RoleGrants>();

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        ListPermissions.Map(api);
        ListRoles.Map(api);
    }
}
