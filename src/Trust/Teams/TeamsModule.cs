using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>Teams: people that policies name together.</summary>
public sealed class TeamsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "teams";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddModuleDb<TeamsDb>();
        services.AddSingleton<ITeamDirectory, TeamDirectory>();
        services.AddEventConsumer<TeamFollower>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        ListTeams.Map(api);
        CreateTeam.Map(api);
        ChangeTeam.Map(api);
        KeepMembers.Map(api);
    }
}
