using System.Globalization;
using System.Net.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;

namespace StreamSpace.Runtimes.Docker.Network;

/// <summary>What is known about the sessions' network.</summary>
/// <param name="Name">The network's name on the engine.</param>
/// <param name="BridgeVisible">The server shares the network of the engine's machine, so a container's address can be dialled.</param>
/// <param name="Problem">Why sessions can reach the engine's machine; null when they cannot.</param>
internal sealed record Ground(string Name, bool BridgeVisible, string? Problem);

/// <summary>Makes the sessions' network and the wall around them; later calls cost nothing until <see cref="Forget"/>.</summary>
internal sealed partial class SessionNetwork(
    EngineClient engine, Wall wall, ImageShelf images, IOptions<DockerOptions> options, TimeProvider clock, ILogger<SessionNetwork> log) : IDisposable
{
    private static readonly TimeSpan FreshHere = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FreshByGuard = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _door = new(1, 1);
    private volatile Ground? _ground;
    private long _raisedAt;

    private string Name => options.Value.Network;

    /// <summary>What was found last; null before the first look.</summary>
    public Ground? Known => _ground;

    public void Forget() => _ground = null;

    public async ValueTask<Ground> EnsureAsync(CancellationToken ct) => _ground ?? await RenewAsync(ct);

    /// <summary>Raises the wall again from time to time: a firewall that was reloaded has lost it.</summary>
    public async Task<Ground> RefreshAsync(CancellationToken ct) =>
        Fresh is { } known ? known : await RenewAsync(ct);

    /// <summary>Removes network and wall; sessions must be gone.</summary>
    public async Task RazeAsync(CancellationToken ct)
    {
        var script = WallRules.Raze(Names.Bridge(Name));
        if (Wall.CanActHere(Names.Bridge(Name)))
            await Wall.RunHereAsync(script, ct);
        else if (await images.FindAsync(Wall.GuardImage, ct) is not null)
            await wall.RunInGuardAsync(script, options.Value.Installation, ct);
        try
        {
            await engine.DoAsync(HttpMethod.Delete, $"/networks/{Name}", null, ct);
        }
        catch (EngineFailure e) when (e.Missing)
        {
            // It is gone already.
        }

        Forget();
    }

    public void Dispose() => _door.Dispose();

    // Looking after the wall costs a process here, a container elsewhere.
    private Ground? Fresh => _ground is { } known && clock.GetElapsedTime(_raisedAt) < (Wall.CanActHere(Names.Bridge(Name)) ? FreshHere : FreshByGuard) ? known : null;

    private async Task<Ground> RenewAsync(CancellationToken ct)
    {
        await _door.WaitAsync(ct);
        try
        {
            if (Fresh is { } known)
                return known;
            var bridge = await EnsureNetworkAsync(ct);
            var visible = engine.Address.IsLocal && Directory.Exists($"/sys/class/net/{bridge}");
            var ground = new Ground(Name, visible, await RaiseAsync(bridge, ct));
            _raisedAt = clock.GetTimestamp();
            _ground = ground;
            return ground;
        }
        finally
        {
            _door.Release();
        }
    }

    private async Task<string> EnsureNetworkAsync(CancellationToken ct)
    {
        const string BridgeName = "com.docker.network.bridge.name";
        const string Talk = "com.docker.network.bridge.enable_icc";
        try
        {
            var found = await engine.GetAsync($"/networks/{Name}", EngineJson.Default.NetworkDetail, ct);
            if (found.Options?.GetValueOrDefault(Talk) is not "false")
                throw new EngineFailure(System.Net.HttpStatusCode.Conflict, $"the engine has a network '{Name}' that lets sessions talk to each other; remove it (docker network rm {Name}) or set Runtimes:Docker:Network to another name");
            return found.Options.GetValueOrDefault(BridgeName) ?? "br-" + found.Id[..12];
        }
        catch (EngineFailure e) when (e.Missing)
        {
            var bridge = Names.Bridge(Name);
            var wish = new NetworkWish(
                Name, CheckDuplicate: true, "bridge", Internal: false,
                new(StringComparer.Ordinal) { [BridgeName] = bridge, [Talk] = "false" },
                new(StringComparer.Ordinal) { [Names.Installation] = options.Value.Installation });
            await engine.DoAsync(HttpMethod.Post, "/networks/create", EngineClient.Json(wish, EngineJson.Default.NetworkWish), ct);
            return bridge;
        }
    }

    private async Task<string?> RaiseAsync(string bridge, CancellationToken ct)
    {
        var script = WallRules.Raise(bridge, options.Value.AllowPrivateNetworks);
        try
        {
            if (Wall.CanActHere(bridge))
            {
                await Wall.RunHereAsync(script, ct);
            }
            else
            {
                await images.EnsureAsync(Wall.GuardImage, Wall.GuardRecipe, progress: null, ct);
                await wall.RunInGuardAsync(script, options.Value.Installation, ct);
            }

            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            WallMissing(e, bridge);
            return string.Create(CultureInfo.InvariantCulture, $"sessions can reach ports of the Docker machine because the packet rules could not be set ({e.Message}); run the server as root beside the engine, or run this there: iptables -I INPUT -i {bridge} -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall between sessions on {Bridge} and the engine's machine could not be raised")]
    private partial void WallMissing(Exception e, string bridge);
}
