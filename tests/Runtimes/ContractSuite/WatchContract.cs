using System.Diagnostics;
using System.Threading.Channels;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Changes are told as they happen, with a reason.</summary>
public abstract class WatchContract<TBed>(TBed bed) : IClassFixture<TBed> where TBed : RuntimeBed
{
    [ContractFact]
    public async Task The_end_of_the_main_program_is_told_within_a_second_with_its_reason()
    {
        await using var watch = await Watch.BeginAsync(bed.Runtime);
        var spec = await bed.StartAsync(bed.Spec(bed.Program("sh", "-c", "while ! test -e /tmp/end; do sleep 0.05; done")));
        await bed.Runtime.RunAsync(spec.Session, "touch /tmp/end");
        var since = Stopwatch.GetTimestamp();
        var change = await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Stopped);
        Assert.Equal(RuntimeReasons.ProgramEnded, change.State!.Reason);
        Assert.False(string.IsNullOrWhiteSpace(change.State.Message));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 3);
        var state = await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None);
        Assert.Equal((RuntimePhase.Stopped, RuntimeReasons.ProgramEnded), (state!.Phase, state.Reason));
    }

    [ContractFact]
    public async Task A_display_that_dies_ends_the_session_and_is_told()
    {
        await using var watch = await Watch.BeginAsync(bed.Runtime);
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await bed.Runtime.RunAsync(spec.Session, "for p in /proc/[0-9]*; do case $(cat $p/comm) in Xtigervnc|Xvnc) kill -9 ${p#/proc/};; esac; done");
        var change = await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Stopped);
        Assert.True(change.State!.Reason == RuntimeReasons.DisplayLost, $"{change.State}");
    }

    [ContractFact]
    public async Task Starting_freezing_and_stopping_are_told()
    {
        await using var watch = await Watch.BeginAsync(bed.Runtime);
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Running);
        await bed.Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Frozen);
        await bed.Runtime.ThawAsync(spec.Session, CancellationToken.None);
        await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Running);
        await bed.Runtime.StopAsync(spec.Session, CancellationToken.None);
        var stopped = await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Stopped);
        Assert.Null(stopped.State!.Reason);
    }

    [ContractFact]
    public async Task A_program_killed_for_memory_is_told_by_name_and_the_session_lives_on()
    {
        await using var watch = await Watch.BeginAsync(bed.Runtime);
        var spec = bed.Spec(bed.Terminal);
        await bed.StartAsync(spec with { Limits = spec.Limits with { MemoryBytes = 300L << 20 } });
        await bed.Runtime.RunAsync(spec.Session, "echo kept > ~/work");
        var (code, _) = await bed.Runtime.RunAsync(spec.Session, "perl -e 'my @hog; push @hog, \"x\" x (8 << 20) while 1'; echo ended $?", 60);
        Assert.Equal(0, code);

        // Where only single programs are limited the hog is refused memory instead of being killed, and there is nothing to tell.
        if ((await bed.Runtime.ProbeAsync(CancellationToken.None)).Capabilities.MemoryLimit)
        {
            var change = await watch.ForAsync(spec.Session, change => change.Kind == RuntimeChangeKind.OutOfMemory);
            Assert.Contains("perl", change.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(RuntimePhase.Running, (await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        Assert.Equal("kept\n", (await bed.Runtime.RunAsync(spec.Session, "cat ~/work")).Output);
        using var patience = RuntimeBed.Patience(20);
        await using var display = await bed.Runtime.OpenDisplayAsync(spec.Session, patience.Token);
        await new RfbProbe(display).NonBlankFrameAsync(spec.DisplayPassword, patience.Token);
    }

    [ContractFact]
    public async Task A_main_program_killed_for_memory_ends_the_session_with_that_reason()
    {
        await using var watch = await Watch.BeginAsync(bed.Runtime);
        var spec = bed.Spec(bed.Program("sh", "-c", "while ! test -e /tmp/go; do sleep 0.05; done; exec perl -e 'my @hog; push @hog, \"x\" x (8 << 20) while 1'"));
        await bed.StartAsync(spec with { Limits = spec.Limits with { MemoryBytes = 300L << 20 } });
        await bed.Runtime.RunAsync(spec.Session, "touch /tmp/go");
        var change = await watch.ForAsync(spec.Session, change => change.State?.Phase == RuntimePhase.Stopped, 60);
        var limited = (await bed.Runtime.ProbeAsync(CancellationToken.None)).Capabilities.MemoryLimit;
        Assert.Equal(limited ? RuntimeReasons.OutOfMemory : RuntimeReasons.ProgramEnded, change.State!.Reason);
    }

    [ContractFact]
    public async Task The_processor_limit_holds()
    {
        if (!(await bed.Runtime.ProbeAsync(CancellationToken.None)).Capabilities.CpuLimit)
            return; // told by the capabilities, so nothing is promised
        var spec = bed.Spec(bed.Terminal);
        await bed.StartAsync(spec with { Limits = spec.Limits with { CpuMillicores = 300 } });
        await bed.Runtime.RunAsync(spec.Session, "for i in 1 2; do setsid sh -c 'while :; do :; done' >/dev/null 2>&1 </dev/null & done; sleep 0.5");
        Assert.InRange(await ShareAsync(spec), 0.05, 0.42);
    }

    [ContractFact]
    public async Task Limits_of_a_running_session_are_changed_and_hold_or_the_change_is_refused()
    {
        var capabilities = (await bed.Runtime.ProbeAsync(CancellationToken.None)).Capabilities;
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        var less = spec.Limits with { CpuMillicores = 300, MemoryBytes = 320L << 20 };
        if (!capabilities.MemoryLimit)
        {
            await Shell.RefusedAsync(() => bed.Runtime.LimitAsync(spec.Session, less, CancellationToken.None), RuntimeReasons.NotSupported);
            return;
        }

        const string Hog = "perl -e 'my $hog = \"x\" x (300 << 20); print length $hog'; echo \" ended $?\"";
        Assert.Equal("314572800 ended 0\n", (await bed.Runtime.RunAsync(spec.Session, Hog, 60)).Output);
        await bed.Runtime.LimitAsync(spec.Session, less, CancellationToken.None);
        Assert.Contains("ended 137", (await bed.Runtime.RunAsync(spec.Session, Hog, 60)).Output, StringComparison.Ordinal);
        await bed.Runtime.RunAsync(spec.Session, "for i in 1 2; do setsid sh -c 'while :; do :; done' >/dev/null 2>&1 </dev/null & done; sleep 0.5");
        Assert.InRange(await ShareAsync(spec), 0.05, 0.42);

        // More again, for a frozen one too; it goes on as if nothing had been.
        await bed.Runtime.FreezeAsync(spec.Session, CancellationToken.None);
        await bed.Runtime.LimitAsync(spec.Session, spec.Limits, CancellationToken.None);
        Assert.Equal(RuntimePhase.Frozen, (await bed.Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        await bed.Runtime.ThawAsync(spec.Session, CancellationToken.None);
        Assert.True(await ShareAsync(spec) > 0.5, "two busy loops may use more than half a core again");
        Assert.Equal("314572800 ended 0\n", (await bed.Runtime.RunAsync(spec.Session, Hog, 60)).Output);

        // Below what is held: refused, and nothing is killed.
        await bed.Runtime.RunAsync(spec.Session, "setsid perl -e 'my $hog = \"x\" x (300 << 20); open F, \">\", \"/tmp/holds\"; close F; sleep 1000' >/dev/null 2>&1 </dev/null & while ! test -e /tmp/holds; do sleep 0.1; done", 30);
        await Shell.RefusedAsync(() => bed.Runtime.LimitAsync(spec.Session, spec.Limits with { MemoryBytes = 200L << 20 }, CancellationToken.None), RuntimeReasons.MemoryInUse);
        Assert.Contains(await bed.Runtime.ProcessesAsync(spec.Session, CancellationToken.None), process => process.MemoryBytes > 250L << 20);
        await bed.Runtime.StopAsync(spec.Session, CancellationToken.None);
        await Shell.RefusedAsync(() => bed.Runtime.LimitAsync(spec.Session, less, CancellationToken.None), RuntimeReasons.WrongState);
    }

    private async Task<double> ShareAsync(LaunchSpec spec)
    {
        var before = (await bed.Runtime.UsageAsync(spec.Session, CancellationToken.None))!.CpuNanoseconds;
        var since = Stopwatch.GetTimestamp();
        await Task.Delay(2000);
        return ((await bed.Runtime.UsageAsync(spec.Session, CancellationToken.None))!.CpuNanoseconds - before) / Stopwatch.GetElapsedTime(since).TotalNanoseconds;
    }

    [ContractFact]
    public async Task A_fork_bomb_is_contained_and_the_session_still_stops()
    {
        var spec = bed.Spec(bed.Terminal);
        await bed.StartAsync(spec with { Limits = spec.Limits with { Processes = 120, CpuMillicores = 500 } });
        await bed.Runtime.RunAsync(spec.Session, "echo kept > ~/work");
        using var patience = RuntimeBed.Patience(60);
        await using var bomb = await bed.Runtime.ExecAsync(
            spec.Session, new ExecSpec(["/bin/sh", "-c", "b() { b & b; }; b >/dev/null 2>&1"], new Dictionary<string, string>(StringComparer.Ordinal)), patience.Token);
        await Task.Delay(2000, patience.Token);
        Assert.InRange((await bed.Runtime.ProcessesAsync(spec.Session, patience.Token)).Count, 1, 130);

        // What the limit refused is counted, so that it can be told; where there are no groups (and so no limit of memory) nobody counts.
        var refused = (await bed.Runtime.UsageAsync(spec.Session, patience.Token))!.ProcessesRefused;
        Assert.True(refused > 0 || (refused is null && !(await bed.Runtime.ProbeAsync(patience.Token)).Capabilities.MemoryLimit), $"refused: {refused}");

        // The machine outside takes no notice: another session starts as ever.
        var other = await bed.StartAsync(bed.Spec(bed.Terminal));
        Assert.Equal(0, (await bed.Runtime.RunAsync(other.Session, "true")).ExitCode);
        await bed.Runtime.StopAsync(spec.Session, patience.Token);
        Assert.True(await bed.Runtime.InspectAsync(spec.Session, patience.Token) is null or { Phase: RuntimePhase.Stopped });
        await bed.StartAsync(spec);
        Assert.Equal("kept\n", (await bed.Runtime.RunAsync(spec.Session, "cat ~/work")).Output);
        await bed.Runtime.DeleteAsync(spec.Session, patience.Token);
        Assert.Empty(await bed.TracesAsync(spec));
    }

    /// <summary>A running subscription to the runtime's changes.</summary>
    internal sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Channel<RuntimeChange> _seen = Channel.CreateUnbounded<RuntimeChange>();
        private readonly List<string> _passed = [];
        private Task _pump = Task.CompletedTask;

        public static async Task<Watch> BeginAsync(ISessionRuntime runtime)
        {
            var watch = new Watch();
            watch._pump = watch.PumpAsync(runtime);
            await Task.Delay(150);
            return watch;
        }

        public async Task<RuntimeChange> ForAsync(SessionId session, Func<RuntimeChange, bool> wanted, int seconds = 15)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            try
            {
                await foreach (var change in _seen.Reader.ReadAllAsync(patience.Token))
                {
                    _passed.Add($"{change.Kind} {change.State?.Phase} {change.State?.Reason} {change.Detail}");
                    if (change.State?.Session == session && wanted(change))
                        return change;
                }
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"the change did not come in {seconds} s; seen: {string.Join(" | ", _passed)}");
            }

            throw new InvalidOperationException("the watch ended by itself");
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _pump;
            _stop.Dispose();
        }

        private async Task PumpAsync(ISessionRuntime runtime)
        {
            try
            {
                await foreach (var change in runtime.WatchAsync(_stop.Token))
                    await _seen.Writer.WriteAsync(change, CancellationToken.None);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The test is over.
            }
        }
    }
}
