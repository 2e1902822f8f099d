using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Network;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>The docker runtime under an installation of its own, with a network of its own; everything goes with it.</summary>
public class DockerBed : RuntimeBed
{
    private readonly List<ServiceProvider> _servers = [];

    internal string Installation { get; } = $"test-{Guid.CreateVersion7():N}"[..29];

    internal string Network => Installation;

    public override Application Terminal { get; } = new("terminal", "streamspace/terminal:1", "terminal", [], [], ["xterm", "-maximized"], Panel: false);

    public override Application Desktop { get; } = new("desktop", "streamspace/base:1", "base", [], [], [], Panel: true);

    public override ISessionRuntime Open() => OpenServer().GetRequiredService<ISessionRuntime>();

    internal ServiceProvider OpenServer(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(
                [
                    .. new[] { ("Installation", Installation), ("Network", Network) }.ExceptBy(settings.Select(setting => setting.Key), own => own.Item1)
                        .Concat(settings).Select(setting => KeyValuePair.Create("Runtimes:Docker:" + setting.Item1, (string?)setting.Item2)),
                ],
                StringComparer.Ordinal)).Build();
        var provider = new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole()).AddDockerRuntime(configuration).BuildServiceProvider();
        _servers.Add(provider);
        return provider;
    }

    internal T Part<T>() where T : notnull => (_servers.Count > 0 ? _servers[0] : OpenServer()).GetRequiredService<T>();

    public override async Task InitializeAsync()
    {
        // The image is built once per machine; that is not part of any test's patience.
        if (Requirements.SkipReason("docker") is null)
            await Part<ImageShelf>().EnsureAsync("streamspace/terminal:1", "terminal", null, CancellationToken.None);
    }

    public override async Task<IReadOnlyList<string>> TracesAsync(LaunchSpec spec)
    {
        var engine = Part<EngineClient>();
        var filter = Containers.Filter("label", [$"{Names.Session}={spec.Session}"]);
        var containers = await engine.GetAsync($"/containers/json?all=true&filters={filter}", EngineJson.Default.ListContainerRow, CancellationToken.None);
        var volumes = await engine.GetAsync($"/volumes?filters={filter}", EngineJson.Default.VolumeList, CancellationToken.None);
        return [.. containers.Select(row => $"container {row.Id} {row.State}"), .. (volumes.Volumes ?? []).Select(row => $"volume {row.Name}")];
    }

    public override async Task DisposeAsync()
    {
        if (_servers.Count == 0)
            return;
        await base.DisposeAsync();
        var engine = Part<EngineClient>();
        var filter = Containers.Filter("label", [$"{Names.Installation}={Installation}"]);
        foreach (var row in await engine.GetAsync($"/containers/json?all=true&filters={filter}", EngineJson.Default.ListContainerRow, CancellationToken.None))
            await engine.DoAsync(HttpMethod.Delete, $"/containers/{row.Id}?force=true", null, CancellationToken.None);
        foreach (var row in (await engine.GetAsync($"/volumes?filters={filter}", EngineJson.Default.VolumeList, CancellationToken.None)).Volumes ?? [])
            await engine.DoAsync(HttpMethod.Delete, $"/volumes/{row.Name}", null, CancellationToken.None);
        await Part<SessionNetwork>().RazeAsync(CancellationToken.None);
        foreach (var server in _servers)
            await server.DisposeAsync();
    }
}
