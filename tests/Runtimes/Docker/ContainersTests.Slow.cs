using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Network;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>What is particular to containers: what the engine really made, its network and wall, ends from outside.</summary>
[Trait("Category", "Slow")]
public sealed class ContainersTests(DockerBed bed) : IClassFixture<DockerBed>
{
    [RequiresFact("docker")]
    public async Task The_engine_really_made_what_the_blueprint_says()
    {
        var spec = await bed.SharedAsync();
        await using var stream = await bed.Part<EngineClient>().StreamAsync(HttpMethod.Get, $"/containers/{Names.Container(spec.Session)}/json", null, CancellationToken.None);
        using var detail = await JsonDocument.ParseAsync(stream);
        var host = detail.RootElement.GetProperty("HostConfig");
        Assert.Equal(1L << 30, host.GetProperty("Memory").GetInt64());
        Assert.Equal(512, host.GetProperty("PidsLimit").GetInt64());
        Assert.Equal(200_000, host.GetProperty("CpuQuota").GetInt64());
        Assert.Equal("ALL", host.GetProperty("CapDrop")[0].GetString());
        Assert.True(host.GetProperty("Init").GetBoolean());
        Assert.Equal(bed.Network, host.GetProperty("NetworkMode").GetString());
        Assert.Equal(JsonValueKind.Null, detail.RootElement.GetProperty("NetworkSettings").GetProperty("Ports").TryGetProperty("5900/tcp", out var port) ? port.ValueKind : JsonValueKind.Null);
        Assert.DoesNotContain(spec.DisplayPassword, detail.RootElement.GetProperty("Config").GetProperty("Env").GetRawText(), StringComparison.Ordinal);
        var (_, tmp) = await bed.Runtime.RunAsync(spec.Session, "stat -f -c %T /tmp /run/user/1000; stat -c '%a %u' /run/user/1000 /run/streamspace/vnc-password; df -k /dev/shm | tail -1 | tr -s ' ' | cut -d' ' -f2");
        Assert.Equal("tmpfs\ntmpfs\n700 1000\n400 1000\n524288\n", tmp);
    }

    [RequiresFact("docker")]
    public async Task A_container_killed_from_outside_is_told_within_a_second()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        using var patience = RuntimeBed.Patience(20);
        await using var changes = bed.Runtime.WatchAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        var next = changes.MoveNextAsync().AsTask();
        await Task.Delay(300, patience.Token);
        await bed.Part<EngineClient>().DoAsync(HttpMethod.Post, $"/containers/{Names.Container(spec.Session)}/kill", null, patience.Token);
        var since = Stopwatch.GetTimestamp();
        Assert.True(await next);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 2);
        Assert.Equal((RuntimePhase.Stopped, RuntimeReasons.ProgramEnded), (changes.Current.State!.Phase, changes.Current.State.Reason));
        Assert.Contains("from outside", changes.Current.State.Message, StringComparison.Ordinal);
        Assert.Equal(RuntimePhase.Stopped, (await bed.Runtime.ListAsync(patience.Token)).Single(state => state.Session == spec.Session).Phase);

        // Its output can still be read, and the next start begins anew.
        await foreach (var line in bed.Runtime.LogsAsync(spec.Session, 10, follow: false, patience.Token))
            Assert.NotNull(line.Time);
        await bed.StartAsync(spec);
    }

    [RequiresFact("docker")]
    public async Task Another_installation_on_the_same_engine_sees_nothing_and_can_end_nothing()
    {
        var spec = await bed.SharedAsync();
        await using var stranger = new ServiceProviderOf(bed, ("Installation", "test-stranger"));
        Assert.Null(await stranger.Runtime.InspectAsync(spec.Session, CancellationToken.None));
        Assert.Empty(await stranger.Runtime.ListAsync(CancellationToken.None));
        await stranger.Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Equal(RuntimePhase.Running, (await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
    }

    [RequiresFact("docker")]
    public async Task A_program_that_never_shows_a_display_fails_with_its_last_words()
    {
        await using var impatient = new ServiceProviderOf(bed, ("DisplayTimeout", "00:00:02"));
        var spec = bed.Spec(bed.Terminal with { Image = "debian:bookworm-slim", ImageRecipe = null, Command = ["/bin/sh", "-c", "echo still thinking; sleep 100"] });
        var failure = await Shell.RefusedAsync(() => impatient.Runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None), RuntimeReasons.DisplayTimeout);
        Assert.Contains("still thinking", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await bed.TracesAsync(spec), trace => trace.StartsWith("container", StringComparison.Ordinal));

        var ended = await Shell.RefusedAsync(
            () => impatient.Runtime.StartAsync(spec with { Application = spec.Application with { Command = ["/bin/sh", "-c", "echo no display here; exit 3"] } }, new Progress<LaunchProgress>(), CancellationToken.None),
            RuntimeReasons.StartFailed);
        Assert.Contains("no display here", ended.Message, StringComparison.Ordinal);
        var absent = await Shell.RefusedAsync(
            () => impatient.Runtime.StartAsync(spec with { Application = spec.Application with { Command = ["/no/such/program"] } }, new Progress<LaunchProgress>(), CancellationToken.None),
            RuntimeReasons.StartFailed);
        Assert.Contains("/no/such/program", absent.Message, StringComparison.Ordinal);
    }

    [RequiresFact("docker")]
    public async Task A_session_without_network_still_shows_its_display()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal) with { Network = false });
        using var patience = RuntimeBed.Patience(30);
        await using var display = await bed.Runtime.OpenDisplayAsync(spec.Session, patience.Token);
        await new RfbProbe(display).NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
    }

    [RequiresFact("docker")]
    public async Task A_network_that_somebody_pruned_is_made_again_with_its_wall()
    {
        await using var other = new ServiceProviderOf(bed, ("Network", bed.Network + "-p"));
        await other.Part<SessionNetwork>().EnsureAsync(CancellationToken.None);
        await bed.Part<EngineClient>().DoAsync(HttpMethod.Delete, $"/networks/{bed.Network}-p", null, CancellationToken.None);
        var spec = bed.Spec(bed.Terminal);
        try
        {
            await other.Runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None);
            Assert.Equal(RuntimePhase.Running, (await other.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        }
        finally
        {
            await other.Runtime.DeleteAsync(spec.Session, CancellationToken.None);
            await other.Part<SessionNetwork>().RazeAsync(CancellationToken.None);
        }
    }

    [RequiresFact("docker")]
    public async Task A_network_where_sessions_could_talk_to_each_other_is_refused()
    {
        var engine = bed.Part<EngineClient>();
        var name = bed.Network + "-open";
        await engine.DoAsync(
            HttpMethod.Post, "/networks/create",
            EngineClient.Json(new NetworkWish(name, true, "bridge", false, [], new(StringComparer.Ordinal) { [Names.Installation] = bed.Installation }), EngineJson.Default.NetworkWish), CancellationToken.None);
        try
        {
            await using var server = new ServiceProviderOf(bed, ("Network", name));
            var health = await server.Runtime.ProbeAsync(CancellationToken.None);
            Assert.False(health.Capabilities.IsolatedNetwork);
            Assert.Contains(health.Warnings, warning => warning.Contains(name, StringComparison.Ordinal));
        }
        finally
        {
            await engine.DoAsync(HttpMethod.Delete, $"/networks/{name}", null, CancellationToken.None);
        }
    }

    [RequiresFact("docker")]
    public async Task An_engine_without_live_restore_is_warned_about()
    {
        var info = await bed.Part<EngineClient>().GetAsync("/info", EngineJson.Default.EngineInfo, CancellationToken.None);
        var health = await bed.Runtime.ProbeAsync(CancellationToken.None);
        Assert.Equal(!info.LiveRestoreEnabled, health.Warnings.Any(warning => warning.Contains("live-restore", StringComparison.Ordinal)));
    }

    /// <summary>A server beside the bed's own, closed with the test.</summary>
    private sealed class ServiceProviderOf(DockerBed bed, params (string Key, string Value)[] settings) : IAsyncDisposable
    {
        private readonly ServiceProvider _provider = bed.OpenServer(settings);

        public ISessionRuntime Runtime => Part<ISessionRuntime>();

        public T Part<T>() where T : notnull => _provider.GetRequiredService<T>();

        public ValueTask DisposeAsync() => _provider.DisposeAsync();
    }
}
