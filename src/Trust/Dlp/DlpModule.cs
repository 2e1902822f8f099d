using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>Data protection: what may leave and enter sessions, and what tried to all the same.</summary>
public sealed class DlpModule : IModule
{
    /// <inheritdoc/>
    public string Name => "dlp";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DlpOptions>().BindConfiguration("Dlp").ValidateDataAnnotations().ValidateOnStart();
        services.AddModuleDb<DlpDb>();
        services.AddSingleton<ContentInspector>();
        services.AddSingleton<IncidentWriter>();
        services.AddSingleton<IDataProtection, DataProtection>();
        services.AddSingleton<ITeamUse, TeamUse>();
        services.AddOptions<ClamAvOptions>().BindConfiguration("Dlp:ClamAv").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ClamAv>();
        services.AddSingleton<IFileBorder, FileBorder>();
        services.AddSingleton<IHealthPart, ScannerHealth>();
        services.AddSingleton<ILaunchGate, LaunchGate>();
        services.AddHostedService(p => p.GetRequiredService<IncidentWriter>());
        services.AddHostedService<ExpiryTeller>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        ListPolicies.Map(api);
        CreatePolicy.Map(api);
        ChangePolicy.Map(api);
        ShowEffective.Map(api);
        PreviewPolicy.Map(api);
        SimulatePolicy.Map(api);
        ListViolations.Map(api);
        ResolveViolation.Map(api);
        DlpStatistics.Map(api);
        ShowLaunchRules.Map(api);
        AskApproval.Map(api);
        ListApprovals.Map(api);
        DecideApproval.Map(api);
    }
}
