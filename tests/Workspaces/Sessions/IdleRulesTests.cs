using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions.Tests;

public sealed class IdleRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static IdleFacts Facts() => new(SessionPhase.Running, Noon, "input", false, true, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), Noon.AddHours(8), null, 25);

    [Fact]
    public void Freeze_and_hibernation_both_count_from_the_last_activity()
    {
        var plan = IdleRules.Plan(Facts(), Noon.AddMinutes(5));
        Assert.Equal((Noon.AddMinutes(10), Noon.AddMinutes(30), Noon.AddHours(8)), (plan.FreezeAt, plan.HibernateAt, plan.TerminateAt));
        Assert.Null(plan.DueBy(Noon.AddMinutes(9)));
        Assert.Equal("freeze", plan.DueBy(Noon.AddMinutes(10))!.Value.Action);
        Assert.Equal("hibernate", plan.DueBy(Noon.AddMinutes(30))!.Value.Action);
        Assert.Equal("terminate", plan.DueBy(Noon.AddHours(9))!.Value.Action);
    }

    [Fact]
    public void A_runtime_that_cannot_freeze_goes_straight_to_hibernation()
    {
        var plan = IdleRules.Plan(Facts() with { CanFreeze = false }, Noon);
        Assert.Equal((null, "hibernate"), (plan.FreezeAt, plan.Next!.Value.Action));
    }

    [Fact]
    public void Busy_cpu_counts_as_activity_from_the_templates_threshold_on()
    {
        Assert.False(IdleRules.Plan(Facts() with { CpuPercent = 24.9 }, Noon.AddMinutes(20)).BusyCpu);
        var busy = IdleRules.Plan(Facts() with { CpuPercent = 25 }, Noon.AddMinutes(20));
        Assert.True(busy.BusyCpu);
        Assert.Equal(Noon.AddMinutes(30), busy.FreezeAt);
        Assert.False(IdleRules.Plan(Facts() with { CpuPercent = 900, CpuThreshold = 0 }, Noon).BusyCpu);
    }

    [Fact]
    public void Keep_awake_prevents_sleep_but_not_the_end()
    {
        var plan = IdleRules.Plan(Facts() with { KeepAwake = true }, Noon.AddHours(2));
        Assert.Equal((null, null, Noon.AddHours(8)), (plan.FreezeAt, plan.HibernateAt, plan.TerminateAt));
    }

    [Fact]
    public void A_frozen_session_has_only_hibernation_before_it()
    {
        var plan = IdleRules.Plan(Facts() with { Phase = SessionPhase.Frozen, CpuPercent = 100 }, Noon.AddMinutes(15));
        Assert.Equal((null, Noon.AddMinutes(30), false), (plan.FreezeAt, plan.HibernateAt, plan.BusyCpu));
    }
}
