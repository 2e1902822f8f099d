using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Start, stop, freeze, thaw, delete, adopt: what every runtime does the same way.</summary>
public abstract class LifecycleContract<TBed>(TBed bed) : IClassFixture<TBed> where TBed : RuntimeBed
{
    protected ISessionRuntime Runtime => bed.Runtime;

    [ContractFact]
    public async Task It_answers_a_probe_and_says_what_it_can_do()
    {
        var health = await Runtime.ProbeAsync(CancellationToken.None);
        Assert.True(health.Available, health.Problem);
        Assert.True(health.Capabilities.Freeze && health.Capabilities.Exec && health.Capabilities.IsolatedNetwork);
        Assert.False(string.IsNullOrWhiteSpace(health.Version));
    }

    [ContractFact]
    public async Task Starting_reports_its_steps_in_order_and_ends_with_a_picture()
    {
        var steps = new Steps();
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal), steps);
        Assert.Equal(steps.Seen.Order(), steps.Seen);
        Assert.Contains(LaunchStep.Reserve, steps.Seen);
        Assert.Contains(LaunchStep.Connect, steps.Seen);

        using var patience = RuntimeBed.Patience(30);
        await using var display = await Runtime.OpenDisplayAsync(spec.Session, patience.Token);
        var probe = new RfbProbe(display);
        await probe.NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
        Assert.Equal((1024, 768), (probe.Width, probe.Height));
        Assert.Equal(RuntimePhase.Running, (await Runtime.InspectAsync(spec.Session, patience.Token))?.Phase);
    }

    [ContractFact]
    public async Task A_bare_desktop_shows_a_picture()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Desktop));
        using var patience = RuntimeBed.Patience(30);
        await using var display = await Runtime.OpenDisplayAsync(spec.Session, patience.Token);
        await new RfbProbe(display).NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
    }

    [ContractFact]
    public async Task Starting_twice_keeps_the_session_that_runs()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        Assert.Equal(0, (await Runtime.RunAsync(spec.Session, "touch /tmp/mark")).ExitCode);
        await bed.StartAsync(spec);
        Assert.Equal(0, (await Runtime.RunAsync(spec.Session, "test -e /tmp/mark")).ExitCode);
    }

    [ContractFact]
    public async Task Two_starts_at_once_give_one_session()
    {
        var spec = bed.Spec(bed.Terminal);
        await Task.WhenAll(bed.StartAsync(spec), bed.StartAsync(spec));
        Assert.Equal(1, (await Runtime.ListAsync(CancellationToken.None)).Count(state => state.Session == spec.Session));
        Assert.Equal(RuntimePhase.Running, (await Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
    }

    [ContractFact]
    public async Task A_frozen_session_stands_still_and_goes_on_after_the_thaw()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await Runtime.RunAsync(spec.Session, "cd /home/user; setsid sh -c 'while :; do date +%s%N >> ticks; sleep 0.05; done' >/dev/null 2>&1 </dev/null & sleep 0.5");
        await Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        Assert.Equal(RuntimePhase.Frozen, (await Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        await Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        await Task.Delay(1500);
        await Runtime.ThawAsync(spec.Session, CancellationToken.None);
        Assert.Equal(RuntimePhase.Running, (await Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        await Runtime.ThawAsync(spec.Session, CancellationToken.None);
        await Task.Delay(300);

        var ticks = (await Runtime.ReadTextAsync(spec.Session, "/home/user/ticks")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToList();
        var longest = ticks.Zip(ticks.Skip(1), (a, b) => (b - a) / 1e6).Max();
        Assert.InRange(longest, 1400, 5000);
        Assert.True(ticks.Count > 8, "it ticked before and after");
    }

    [ContractFact]
    public async Task A_viewer_that_is_connected_stays_connected_through_a_freeze()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        using var patience = RuntimeBed.Patience(30);
        await using var display = await Runtime.OpenDisplayAsync(spec.Session, patience.Token);
        var probe = new RfbProbe(display);
        await probe.NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
        await Runtime.FreezeAsync(spec.Session, patience.Token);
        var frame = probe.FrameAsync(patience.Token);
        await Task.Delay(300, patience.Token);
        Assert.False(frame.IsCompleted);
        await Runtime.ThawAsync(spec.Session, patience.Token);
        Assert.True(await frame);
    }

    [ContractFact]
    public async Task Stopping_ends_the_processes_and_keeps_the_home_for_the_next_start()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await Runtime.RunAsync(spec.Session, "echo kept > /home/user/note; echo gone > /tmp/note");
        await Runtime.StopAsync(spec.Session, CancellationToken.None);
        var state = await Runtime.InspectAsync(spec.Session, CancellationToken.None);
        Assert.True(state is null or { Phase: RuntimePhase.Stopped, Reason: null }, $"{state}");
        await Shell.RefusedAsync(() => Runtime.OpenDisplayAsync(spec.Session, CancellationToken.None), RuntimeReasons.WrongState);
        await Runtime.StopAsync(spec.Session, CancellationToken.None);

        await bed.StartAsync(spec);
        Assert.Equal("kept\n", (await Runtime.RunAsync(spec.Session, "cat /home/user/note; ls /tmp/note 2>/dev/null")).Output);
    }

    [ContractFact]
    public async Task A_frozen_session_can_be_stopped_and_deleted()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        await Runtime.StopAsync(spec.Session, CancellationToken.None);
        Assert.True(await Runtime.InspectAsync(spec.Session, CancellationToken.None) is null or { Phase: RuntimePhase.Stopped });
        await bed.StartAsync(spec);
        await Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Null(await Runtime.InspectAsync(spec.Session, CancellationToken.None));
    }

    [ContractFact]
    public async Task Deleting_leaves_nothing_behind_but_the_home()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        Assert.NotEmpty(await bed.TracesAsync(spec));
        await Runtime.RunAsync(spec.Session, "setsid sleep 1000 >/dev/null 2>&1 & echo kept > /home/user/note; sleep 0.1");
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Null(await Runtime.InspectAsync(spec.Session, CancellationToken.None));
        Assert.Empty(await bed.TracesAsync(spec));
        Assert.DoesNotContain(await Runtime.ListAsync(CancellationToken.None), state => state.Session == spec.Session);
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);

        var next = await bed.StartAsync(bed.Spec(bed.Terminal, spec.Owner));
        Assert.Equal("kept\n", (await Runtime.RunAsync(next.Session, "cat /home/user/note")).Output);
    }

    [ContractFact]
    public async Task A_home_of_its_own_goes_with_the_session()
    {
        var spec = bed.Spec(bed.Terminal) with { PersistentHome = false };
        await bed.StartAsync(spec);
        await Runtime.RunAsync(spec.Session, "echo mine > /home/user/note");
        var persistent = await bed.StartAsync(bed.Spec(bed.Terminal, spec.Owner));
        Assert.Equal("none\n", (await Runtime.RunAsync(persistent.Session, "cat /home/user/note 2>/dev/null || echo none")).Output);
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Empty(await bed.TracesAsync(spec));
    }

    [ContractFact]
    public async Task A_home_is_removed_only_when_no_session_uses_it()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await Runtime.RunAsync(spec.Session, "echo old > /home/user/note");
        await Shell.RefusedAsync(() => Runtime.DeleteHomeAsync(spec.Owner, CancellationToken.None), RuntimeReasons.WrongState);
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        await Runtime.DeleteHomeAsync(spec.Owner, CancellationToken.None);
        var next = await bed.StartAsync(bed.Spec(bed.Terminal, spec.Owner));
        Assert.Equal("none\n", (await Runtime.RunAsync(next.Session, "cat /home/user/note 2>/dev/null || echo none")).Output);
    }

    [ContractFact]
    public async Task Two_sessions_of_one_person_share_the_home_and_nothing_else()
    {
        var one = await bed.StartAsync(bed.Spec(bed.Terminal));
        var two = await bed.StartAsync(bed.Spec(bed.Terminal, one.Owner));
        await Runtime.RunAsync(one.Session, "echo shared > /home/user/note; echo private > /tmp/note; setsid sleep 4711 >/dev/null 2>&1 </dev/null & sleep 0.1");
        var (_, output) = await Runtime.RunAsync(two.Session, "cat /home/user/note; cat /tmp/note 2>/dev/null; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'sleep 471[1]'");
        Assert.Equal("shared\n0\n", output);
    }

    [ContractFact]
    public async Task A_new_server_finds_and_adopts_what_the_killed_one_left()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await Runtime.RunAsync(spec.Session, "touch /tmp/mark");

        // The first instance is not told to stop: a killed server does not say good-bye either.
        var next = bed.Open();
        Assert.Contains(await next.ListAsync(CancellationToken.None), state => state.Session == spec.Session && state.Phase == RuntimePhase.Running);
        using var patience = RuntimeBed.Patience(30);
        await next.StartAsync(spec, new Progress<LaunchProgress>(), patience.Token);
        Assert.Equal(0, (await next.RunAsync(spec.Session, "test -e /tmp/mark")).ExitCode);
        await using (var display = await next.OpenDisplayAsync(spec.Session, patience.Token))
            await new RfbProbe(display).NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
        await next.FreezeAsync(spec.Session, patience.Token);
        Assert.Equal(RuntimePhase.Frozen, (await Runtime.InspectAsync(spec.Session, patience.Token))?.Phase);
        await next.DeleteAsync(spec.Session, patience.Token);
        Assert.Empty(await bed.TracesAsync(spec));
        Assert.Null(await Runtime.InspectAsync(spec.Session, patience.Token));
        if (next is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [ContractFact]
    public async Task What_was_never_there_is_told_and_may_be_removed()
    {
        var unknown = SessionId.New();
        Assert.Null(await Runtime.InspectAsync(unknown, CancellationToken.None));
        Assert.Null(await Runtime.UsageAsync(unknown, CancellationToken.None));
        await Runtime.StopAsync(unknown, CancellationToken.None);
        await Runtime.DeleteAsync(unknown, CancellationToken.None);
        await Shell.RefusedAsync(() => Runtime.OpenDisplayAsync(unknown, CancellationToken.None), RuntimeReasons.WrongState);
        await Shell.RefusedAsync(() => Runtime.FreezeAsync(unknown, CancellationToken.None), RuntimeReasons.WrongState);
        await Shell.RefusedAsync(() => Runtime.ThawAsync(unknown, CancellationToken.None), RuntimeReasons.WrongState);
        await Shell.RefusedAsync(() => Runtime.ExecAsync(unknown, new ExecSpec([], new Dictionary<string, string>(StringComparer.Ordinal)), CancellationToken.None), RuntimeReasons.WrongState);
    }

    [ContractFact]
    public async Task A_cancelled_start_leaves_nothing_after_the_delete()
    {
        var spec = bed.Spec(bed.Terminal);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(60));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runtime.StartAsync(spec, new Progress<LaunchProgress>(), impatience.Token));
        await Runtime.DeleteAsync(spec.Session, CancellationToken.None);
        Assert.Null(await Runtime.InspectAsync(spec.Session, CancellationToken.None));
        Assert.Empty(await bed.TracesAsync(spec));
    }

    private sealed class Steps : IProgress<LaunchProgress>
    {
        public List<LaunchStep> Seen { get; } = [];

        public void Report(LaunchProgress value)
        {
            lock (Seen)
                Seen.Add(value.Step);
        }
    }
}
