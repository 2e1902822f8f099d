using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>The engine goes away, comes back, hangs, or was never there.</summary>
[Trait("Category", "Slow")]
public sealed class EngineLossTests(DockerBed bed) : IClassFixture<DockerBed>
{
    [RequiresFact("docker")]
    public async Task An_engine_that_stops_is_told_and_its_return_asks_for_a_look_around()
    {
        await using var proxy = EngineProxy.Unix();
        var runtime = bed.OpenServer(("Host", proxy.Address)).GetRequiredService<ISessionRuntime>();
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        using var patience = RuntimeBed.Patience(30);
        await using var changes = runtime.WatchAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        var next = changes.MoveNextAsync().AsTask();
        await Task.Delay(300, patience.Token);
        Assert.Equal(RuntimePhase.Running, (await runtime.InspectAsync(spec.Session, patience.Token))?.Phase);

        await proxy.DownAsync();
        var since = Stopwatch.GetTimestamp();
        Assert.True(await next);
        Assert.Equal(RuntimeChangeKind.Lost, changes.Current.Kind);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 5);
        Assert.Equal(RuntimeReasons.RuntimeLost, (await Shell.RefusedAsync(() => runtime.InspectAsync(spec.Session, patience.Token), RuntimeReasons.RuntimeLost)).Reason);
        Assert.False((await runtime.ProbeAsync(patience.Token)).Available);

        proxy.Up();
        since = Stopwatch.GetTimestamp();
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(RuntimeChangeKind.Resync, changes.Current.Kind);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 8);
        Assert.Equal(RuntimePhase.Running, (await runtime.InspectAsync(spec.Session, patience.Token))?.Phase);

        // And the stream is alive again.
        await bed.Runtime.FreezeAsync(spec.Session, patience.Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((spec.Session, RuntimePhase.Frozen), (changes.Current.State!.Session, changes.Current.State.Phase));
    }

    [RequiresFact("docker")]
    public async Task An_engine_that_hangs_is_found_out_within_ten_seconds()
    {
        await using var proxy = EngineProxy.Unix();
        var runtime = bed.OpenServer(("Host", proxy.Address)).GetRequiredService<ISessionRuntime>();
        using var patience = RuntimeBed.Patience(30);
        await using var changes = runtime.WatchAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        var next = changes.MoveNextAsync().AsTask();
        await Task.Delay(500, patience.Token);
        proxy.Hung = true;
        var since = Stopwatch.GetTimestamp();
        Assert.True(await next);
        Assert.Equal(RuntimeChangeKind.Lost, changes.Current.Kind);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 10.5);
        proxy.Hung = false;
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(RuntimeChangeKind.Resync, changes.Current.Kind);
    }

    [RequiresFact("docker")]
    public async Task An_engine_behind_tls_is_spoken_to_with_certificates_and_displays_come_through_published_ports()
    {
        await using var proxy = EngineProxy.Tls();
        var runtime = bed.OpenServer(("Host", proxy.Address), ("CertificatePath", proxy.Certificate)).GetRequiredService<ISessionRuntime>();
        var health = await runtime.ProbeAsync(CancellationToken.None);
        Assert.True(health.Available, health.Problem);
        var spec = bed.Spec(bed.Terminal);
        using var patience = RuntimeBed.Patience(60);
        await runtime.StartAsync(spec, new Progress<LaunchProgress>(), patience.Token);
        try
        {
            await using (var display = await runtime.OpenDisplayAsync(spec.Session, patience.Token))
                await new RfbProbe(display).NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
            Assert.Equal(3, (await runtime.RunAsync(spec.Session, "exit 3")).ExitCode);
            await runtime.WriteTextAsync(spec.Session, "/home/user/note", "over tls");
            Assert.Equal("over tls", await runtime.ReadTextAsync(spec.Session, "/home/user/note"));
        }
        finally
        {
            await runtime.DeleteAsync(spec.Session, CancellationToken.None);
        }

        var stranger = bed.OpenServer(("Host", proxy.Address)).GetRequiredService<ISessionRuntime>();
        Assert.False((await stranger.ProbeAsync(CancellationToken.None)).Available);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_told_with_what_to_do()
    {
        await using var nowhere = new DockerBed().OpenServer(("Host", "unix:///nowhere/docker.sock"));
        var runtime = nowhere.GetRequiredService<ISessionRuntime>();
        var health = await runtime.ProbeAsync(CancellationToken.None);
        Assert.False(health.Available);
        Assert.Contains("Start Docker", health.Problem, StringComparison.Ordinal);
        var readiness = await runtime.CheckAsync(bed.Terminal, CancellationToken.None);
        Assert.Equal(ReadinessState.Unavailable, readiness.State);
        await Shell.RefusedAsync(() => runtime.StartAsync(bed.Spec(bed.Terminal), new Progress<LaunchProgress>(), CancellationToken.None), RuntimeReasons.RuntimeLost);
        using var patience = RuntimeBed.Patience(5);
        await using var changes = runtime.WatchAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(RuntimeChangeKind.Lost, changes.Current.Kind);
    }

    [Fact]
    public async Task Without_an_id_of_the_installation_it_takes_no_ones_containers()
    {
        await using var nameless = new DockerBed().OpenServer(("Installation", ""));
        var health = await nameless.GetRequiredService<ISessionRuntime>().ProbeAsync(CancellationToken.None);
        Assert.False(health.Available);
        Assert.Contains("Runtimes:Docker:Installation", health.Problem, StringComparison.Ordinal);
    }
}
