using System.Diagnostics;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>Whatever of a session is killed from outside, the rest goes with it, is told, and leaves nothing behind.</summary>
[Trait("Category", "Slow")]
public sealed class LocalLeftovers(LocalBed bed) : IClassFixture<LocalBed>
{
    private Places Places => new(bed.Options);

    [RequiresFact("local")]
    public Task Killing_the_guard_ends_the_session() => KillingEndsIt(found => found.Status.Guard);

    [RequiresFact("local")]
    public Task Killing_bubblewrap_ends_the_session() => KillingEndsIt(found => found.Status.Sandbox);

    [RequiresFact("local")]
    public Task Killing_the_first_process_of_the_namespace_ends_the_session() => KillingEndsIt(found => found.Status.Init);

    [RequiresFact("local")]
    public async Task A_network_program_that_was_killed_comes_back()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        var first = FoundSession.Find(Places, spec.Session)!.Status.Network;
        first.Signal(Libc.SigKill);
        for (var i = 0; i < 100 && FoundSession.Find(Places, spec.Session)!.Status.Network == first; i++)
            await Task.Delay(100);
        Assert.True(FoundSession.Find(Places, spec.Session)!.Status.Network.IsAlive);
        await Task.Delay(300);
        Assert.Contains("tap0", (await bed.Runtime.RunAsync(spec.Session, "cat /proc/net/dev")).Output, StringComparison.Ordinal);
        Assert.Equal(RuntimePhase.Running, (await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
    }

    [RequiresFact("local")]
    public async Task After_a_restart_of_the_machine_a_session_is_stopped_and_starts_again()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await bed.Runtime.StopAsync(spec.Session, CancellationToken.None);
        var at = Places.Session(spec.Session);
        File.Delete(at.Asked);
        (SessionRecord.Read(at)! with { Boot = "another boot" }).Write(at);
        var state = await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None);
        Assert.Equal((RuntimePhase.Stopped, RuntimeReasons.RuntimeLost), (state!.Phase, state.Reason));
        await bed.StartAsync(spec);
        Assert.Equal(RuntimePhase.Running, (await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
    }

    [RequiresFact("local", "root")]
    public async Task Groups_that_no_session_owns_are_swept_at_the_start()
    {
        await bed.Runtime.ProbeAsync(CancellationToken.None);
        var group = $"/sys/fs/cgroup/pids/streamspace-{Places.Key}";
        if (!Directory.Exists(group))
            return; // this machine has another version of control groups, with the same code above it
        Directory.CreateDirectory(Path.Combine(group, "forgotten"));
        await using var next = (LocalRuntime)bed.Open();
        await next.ProbeAsync(CancellationToken.None);
        Assert.False(Directory.Exists(Path.Combine(group, "forgotten")));
    }

    [RequiresFact("local")]
    public async Task A_flood_of_output_is_kept_within_its_bounds()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Program("sh", "-c", "yes 'a line of thirty characters....' | head -n 400000; echo the last line; sleep 1000")));
        var lines = new List<string>();
        using var patience = RuntimeBed.Patience(40);
        await foreach (var line in bed.Runtime.LogsAsync(spec.Session, 10, follow: true, patience.Token))
        {
            if (line.Text != "the last line")
                continue;
            lines.Add(line.Text);
            break;
        }

        Assert.Single(lines);
        var at = Places.Session(spec.Session);
        var kept = new[] { $"{at.Log}.0", $"{at.Log}.1" }.Sum(file => new FileInfo(file).Length);
        Assert.InRange(kept, 100_000, bed.Options.LogBytes + (400 << 10));
    }

    [RequiresFact("local")]
    public async Task A_program_that_cannot_be_started_is_told()
    {
        var failure = await Record.ExceptionAsync(() => bed.StartAsync(bed.Spec(bed.Program("no-such-program-anywhere"))));
        if (failure is null)
            return; // the display was quicker than the news; the watch tells it, see the contract
        Assert.Equal(RuntimeReasons.ProgramEnded, Assert.IsType<RuntimeFailure>(failure).Reason);
    }

    [RequiresFact("local")]
    public async Task Missing_packages_are_named_with_the_command_that_installs_them()
    {
        var application = bed.Terminal with { LocalPackages = ["no-such-package", "perl-base"], LocalPrograms = ["xterm"] };
        var readiness = await bed.Runtime.CheckAsync(application, CancellationToken.None);
        Assert.Equal((ReadinessState.Missing, "sudo apt-get install -y --no-install-recommends no-such-package"), (readiness.State, readiness.Remedy));
        Assert.Equal(["no-such-package"], readiness.Missing);
        Assert.Equal(ReadinessState.Ready, (await bed.Runtime.CheckAsync(bed.Terminal, CancellationToken.None)).State);
        await Shell.RefusedAsync(() => bed.StartAsync(bed.Spec(application)), RuntimeReasons.PackagesMissing);
    }

    private async Task KillingEndsIt(Func<FoundSession, ProcessIdentity> victim)
    {
        await using var watch = await WatchContract<LocalBed>.Watch.BeginAsync(bed.Runtime);
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await bed.Runtime.RunAsync(spec.Session, "setsid sleep 777 >/dev/null 2>&1 </dev/null & sleep 0.1");
        var found = FoundSession.Find(Places, spec.Session)!;
        var since = Stopwatch.GetTimestamp();
        Assert.True(victim(found).Signal(Libc.SigKill));
        var change = await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Stopped);
        Assert.Equal(RuntimeReasons.RuntimeLost, change.State!.Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 3);
        foreach (var process in new[] { found.Status.Guard, found.Status.Sandbox, found.Status.Init, found.Status.Network })
            Assert.False(process.IsAlive);
        Assert.False(Directory.Exists(found.Places.Run));
        await bed.Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Empty(await bed.TracesAsync(spec));
    }
}
