using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;
using StreamSpace.Sharing.Shares;

namespace StreamSpace.Sharing;

/// <summary>Sharing: access of other people to one session.</summary>
public sealed class SharingModule : IModule
{
    /// <inheritdoc/>
    public string Name => "sharing";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SharingOptions>().BindConfiguration("Sharing").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SharingOptions>, SharingOptionsRules>();
        services.AddModuleDb<SharingDb>();
        services.AddSingleton<ISessionGrants, SessionGrants>();
        services.AddScoped<ShareDesk>();
        services.AddScoped<ShareEnding>();
        services.AddHostedService<ShareExpirer>();
        services.AddEventConsumer<ShareFollower>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        ShareSession.Map(api);
        ListShares.Map(api);
        EndShare.Map(api);
    }
}
