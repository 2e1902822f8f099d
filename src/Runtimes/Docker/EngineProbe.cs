using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Whether the engine answers, what it can do, and what would hurt later.</summary>
internal sealed class EngineProbe(EngineClient engine, SessionNetwork network, Containers containers, ImageShelf images, Recipes recipes, IOptions<DockerOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan NetworkPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan LongestCheck = TimeSpan.FromMinutes(5);
    private int _swept;

    public async Task<RuntimeHealth> ProbeAsync(CancellationToken ct)
    {
        if (options.Value.Installation.Length == 0)
            return Unavailable(null, "This installation has no id: set Runtimes:Docker:Installation to a word of its own, so that it cannot take another's containers for its own.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var newest = await engine.PingAsync(limit.Token);
            var info = await engine.GetAsync("/info", EngineJson.Default.EngineInfo, limit.Token);
            var version = $"Docker {info.ServerVersion}, API {newest}";
            if (info.OSType is not "linux")
                return Unavailable(version, $"The engine runs {info.OSType} containers; sessions need linux containers.");
            if (Interlocked.Exchange(ref _swept, 1) == 0)
                await containers.SweepLeftoversAsync(clock.GetUtcNow() - LongestCheck, limit.Token);
            return await HealthAsync(info, version, limit.Token);
        }
        catch (EngineFailure e)
        {
            return Unavailable(null, $"{Capital(e.Message)}. Start Docker, or set Runtimes:Docker:Host (or DOCKER_HOST) to where it is; the server's user needs access to its socket.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return Unavailable(null, e is OperationCanceledException ? "The Docker engine answers too slowly." : $"The Docker engine answers strangely: {e.Message}");
        }
    }

    public async Task<Readiness> CheckAsync(Application application, CancellationToken ct)
    {
        if (application.Image is not { } image)
            return new(ReadinessState.Missing, ["a container image"], "Name an image in the template.");
        try
        {
            if (await images.FindAsync(image, ct) is { } there)
            {
                return images.IsCurrent(there, application.ImageRecipe)
                    ? Readiness.Ready
                    : new(ReadinessState.NeedsImage, [image], $"Its recipe has changed; the next start builds it anew, or build it now: streamspace image build {application.ImageRecipe}");
            }
        }
        catch (EngineFailure e)
        {
            return new(ReadinessState.Unavailable, [], Capital(e.Message) + ".");
        }

        var recipe = application.ImageRecipe;
        return new(ReadinessState.NeedsImage, [image], recipe is not null && recipes.Has(recipe)
            ? $"The first start builds it, which takes a minute or two; or build it now: streamspace image build {recipe}"
            : $"The first start pulls it; or pull it now: docker pull {image}");
    }

    private async Task<RuntimeHealth> HealthAsync(EngineInfo info, string version, CancellationToken ct)
    {
        var warnings = new List<string>();
        Ground? ground = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(NetworkPatience);
            ground = await network.RefreshAsync(limit.Token);
            if (ground.Problem is { } problem)
                warnings.Add(Capital(problem) + ".");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            warnings.Add("The network for sessions is still being prepared; the first launch waits for it.");
        }
        catch (EngineFailure e)
        {
            warnings.Add($"The network for sessions could not be made: {e.Message}.");
        }

        if (!info.LiveRestoreEnabled)
            warnings.Add("live-restore is off: when the Docker engine restarts, running sessions end. Put {\"live-restore\": true} into /etc/docker/daemon.json and reload the engine.");
        if (!info.MemoryLimit)
            warnings.Add("The engine's kernel has no memory cgroup: memory limits are not enforced.");
        if (!info.CpuCfsQuota)
            warnings.Add("The engine's kernel has no CPU quota: CPU limits are not enforced.");
        if (!info.PidsLimit)
            warnings.Add("The engine's kernel has no pids cgroup: a session may start any number of processes.");
        return new(true, version, null, warnings, new(
            Freeze: true, IsolatedNetwork: ground is { Problem: null }, info.CpuCfsQuota, info.MemoryLimit, info.PidsLimit, StorageLimit: false, Exec: true, Builds: true));
    }

    private static RuntimeHealth Unavailable(string? version, string problem) => new(false, version, problem, [], RuntimeCapabilities.None);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.');
}
