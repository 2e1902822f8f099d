using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Displays;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Inside;
using StreamSpace.Runtimes.Docker.Launching;
using StreamSpace.Runtimes.Docker.Network;
using StreamSpace.Runtimes.Docker.Watching;

namespace StreamSpace.Runtimes.Docker;

/// <summary>The docker runtime's door.</summary>
public static class DockerRuntimeServices
{
    /// <summary>
    /// Adds <see cref="ISessionRuntime"/> "docker" and <see cref="IImageWorkshop"/>; settings come from <c>Runtimes:Docker</c>.
    /// Nothing is asked of the engine before the first call. The host must give <see cref="DockerOptions.Installation"/> a lasting value of its own.
    /// </summary>
    public static IServiceCollection AddDockerRuntime(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DockerOptions>().Bind(configuration.GetSection(DockerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DockerOptions>, DockerOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new EngineClient(AddressOf(provider.GetRequiredService<IOptions<DockerOptions>>().Value)));
        services.AddSingleton<Turns>();
        services.AddSingleton<Endings>();
        services.AddSingleton<Recipes>();
        services.AddSingleton<ImageMaker>();
        services.AddSingleton<ImageShelf>();
        services.AddSingleton<Wall>();
        services.AddSingleton<SessionNetwork>();
        services.AddSingleton<Containers>();
        services.AddSingleton<Homes>();
        services.AddSingleton<Execs>();
        services.AddSingleton<DisplayDoor>();
        services.AddSingleton<SessionLogs>();
        services.AddSingleton<SessionLoad>();
        services.AddSingleton<SessionFiles>();
        services.AddSingleton<HomeFiles>();
        services.AddSingleton<SessionLauncher>();
        services.AddSingleton<EngineWatch>();
        services.AddSingleton<EngineProbe>();
        services.AddSingleton<ImageCheck>();
        services.AddSingleton<ImageBuild>();
        services.AddSingleton<IImageWorkshop, ImageWorkshop>();
        services.AddSingleton<ISessionRuntime, DockerRuntime>();
        return services;
    }

    internal static EngineAddress AddressOf(DockerOptions options)
    {
        var host = First(options.Host, Environment.GetEnvironmentVariable("DOCKER_HOST"), "unix:///var/run/docker.sock");
        var certificates = First(options.CertificatePath, Environment.GetEnvironmentVariable("DOCKER_CERT_PATH"), "");
        return EngineAddress.Parse(host, certificates.Length == 0 ? null : certificates);
    }

    private static string First(params string?[] values) => Array.Find(values, value => !string.IsNullOrWhiteSpace(value)) ?? "";
}
