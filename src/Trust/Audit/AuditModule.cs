using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Who did what on what, kept so that it can be proven.</summary>
public sealed class AuditModule : IModule
{
    /// <inheritdoc/>
    public string Name => "audit";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
        services.AddModuleDb<AuditDb>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ChainVerifier>();
        services.AddSingleton<IAuditTrail>(p => p.GetRequiredService<AuditTrail>());
        services.AddEventConsumer<AuditFollower>();
        services.AddHostedService<AuditRetention>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        SearchAudit.Map(api);
        AuditStatistics.Map(api);
        ExportAudit.Map(api);
        VerifyAudit.Map(api);
    }
}
