using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>The catalogue: what can be launched, whether it can start here, and who likes it.</summary>
public sealed class TemplatesModule : IModule
{
    /// <inheritdoc/>
    public string Name => "templates";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TemplatesOptions>().BindConfiguration("Templates");
        services.AddModuleDb<TemplatesDb>();
        services.AddSingleton<Catalogue>();
        services.AddSingleton<ITemplateLookup>(p => p.GetRequiredService<Catalogue>());
        services.AddSingleton<ReadinessBoard>();
        services.AddHostedService(p => p.GetRequiredService<ReadinessBoard>());
        services.AddScoped<TemplateStories>();
        services.AddEventConsumer<LaunchCounter>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        BrowseTemplates.Map(api);
        ChooseFavourite.Map(api);
        MakeImages.Map(api);
    }
}
