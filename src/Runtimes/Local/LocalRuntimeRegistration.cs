using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local;

/// <summary>The door of the local runtime.</summary>
public static class LocalRuntimeRegistration
{
    /// <summary>Adds the runtime <c>local</c> unless <c>Runtimes:Local:Enabled</c> is false.</summary>
    public static IServiceCollection AddLocalRuntime(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(LocalRuntimeOptions.Section);
        services.AddOptions<LocalRuntimeOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (section.GetValue(nameof(LocalRuntimeOptions.Enabled), defaultValue: true))
            services.AddSingleton<ISessionRuntime, LocalRuntime>();
        return services;
    }
}
