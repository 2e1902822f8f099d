using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Sessions: what is wanted, what is, and the reconciler between the two.</summary>
public sealed class SessionsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "sessions";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionsOptions>().BindConfiguration("Sessions").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<SessionsOptions>, SessionsOptionsRules>();
        services.AddModuleDb<SessionsDb>();

        services.AddSingleton<RuntimeRegistry>().AddSingleton<IHealthPart, RuntimesHealth>().AddSingleton<RuntimeSync>().AddSingleton<ReconcilerBell>().AddSingleton<WorkQueue>()
            .AddSingleton<SessionWriter>().AddSingleton<Launcher>().AddSingleton<SessionDriver>();
        services.AddSingleton<CapacityLimits>().AddSingleton<Admission>().AddSingleton<Limits>().AddSingleton<Quotas>();
        services.AddSingleton<Presences>().AddSingleton<CrowdWatch>().AddSingleton<UsageMeter>().AddSingleton<IdleWatch>();
        services.AddHostedService<RuntimeWatcher>().AddHostedService<SessionReconciler>().AddHostedService<UsageSampler>().AddHostedService<Housekeeper>().AddHostedService<WarmUp>();
        services.AddSingleton<LiveHub>().AddHostedService(p => p.GetRequiredService<LiveHub>());
        services.AddEventConsumer<ActivityRecorder>().AddEventConsumer<PeopleFollower>().AddScoped<IJobHandler, HomeRemover>();

        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<ISessionDirectory>(p => p.GetRequiredService<SessionDirectory>());
        services.AddSingleton<ISessionDisplays>(p => p.GetRequiredService<SessionDirectory>());
        services.AddSingleton<ISessionWaker, SessionWaker>();
        services.AddSingleton<SessionActivity>();
        services.AddSingleton<ISessionActivity>(p => p.GetRequiredService<SessionActivity>());

        services.AddScoped<SessionShelf>().AddScoped<LaunchSession>().AddScoped<WishSession>().AddScoped<ChangeLimits>().AddScoped<ChangeSession>().AddScoped<ReadActivity>().AddSingleton<LookInside>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        LaunchSession.Map(api);
        ListSessions.Map(api);
        GetSession.Map(api);
        ChangeSession.Map(api);
        WishSession.Map(api);
        ExplainIdle.Map(api);
        LookInside.Map(api);
        ReadActivity.Map(api);
        LogActivity.Map(api);
        ActivityStats.Map(api);
        ShowRuntimes.Map(api);
        OpenLive.Map(api);
    }
}
