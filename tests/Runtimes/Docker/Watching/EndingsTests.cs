using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Watching;

namespace StreamSpace.Runtimes.Docker.Tests.Watching;

public sealed class EndingsTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(0, false, false, RuntimeReasons.ProgramEnded)]
    [InlineData(3, false, false, RuntimeReasons.ProgramEnded)]
    [InlineData(137, true, false, RuntimeReasons.OutOfMemory)]
    [InlineData(81, true, false, RuntimeReasons.OutOfMemory)]
    [InlineData(0, true, false, RuntimeReasons.ProgramEnded)]
    [InlineData(81, false, false, RuntimeReasons.DisplayLost)]
    [InlineData(78, false, false, RuntimeReasons.StartFailed)]
    [InlineData(127, false, false, RuntimeReasons.StartFailed)]
    [InlineData(143, false, true, RuntimeReasons.RuntimeLost)]
    [InlineData(137, false, true, RuntimeReasons.RuntimeLost)]
    [InlineData(143, false, false, RuntimeReasons.ProgramEnded)]
    public void An_exit_code_has_a_reason(int code, bool starved, bool engineAway, string reason)
    {
        var (decided, message) = Endings.Decide(code, starved, engineAway, null);
        Assert.Equal(reason, decided);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_asked_for_needs_no_reason()
    {
        var endings = new Endings(TimeProvider.System);
        endings.Ask("one");
        Assert.Equal((null, null), endings.Of("one", Ended(143)));
        Assert.NotNull(endings.Of("other", Ended(143)).Reason);
        endings.Gone("one");
        Assert.NotNull(endings.Of("one", Ended(143)).Reason);
    }

    [Fact]
    public void Memory_is_blamed_for_a_while_only()
    {
        var endings = new Endings(TimeProvider.System);
        endings.Starved("one");
        Assert.Equal(RuntimeReasons.OutOfMemory, endings.Of("one", Ended(81)).Reason);
        Assert.Equal(RuntimeReasons.DisplayLost, endings.Of("one", Ended(81) with { FinishedAt = Now.AddMinutes(5) }).Reason);
    }

    [Fact]
    public void An_engine_that_went_away_is_blamed_for_the_ends_around_it()
    {
        var endings = new Endings(TimeProvider.System);
        endings.EngineLost();
        endings.EngineBack();
        Assert.Equal(RuntimeReasons.RuntimeLost, endings.Of("one", Ended(143)).Reason);
        Assert.Equal(RuntimeReasons.ProgramEnded, endings.Of("one", Ended(143) with { FinishedAt = Now.AddMinutes(5) }).Reason);
    }

    [Theory]
    [InlineData("6,7,8,-;oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/docker/abc123,task=perl,pid=7,uid=1000", "abc123", "perl")]
    [InlineData("6,7,8,-;oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/docker/abc123,task=perl,pid=7,uid=1000", "other", null)]
    [InlineData("6,7,8,-;usb 1-1: new device abc123,task=x,pid=", "abc123", null)]
    public void The_kernels_record_names_the_program(string record, string container, string? program) => Assert.Equal(program, KernelLog.Victim(record, container));

    private static ContainerState Ended(int code) => new("exited", false, false, false, code, null, Now.AddMinutes(-1), Now);
}
