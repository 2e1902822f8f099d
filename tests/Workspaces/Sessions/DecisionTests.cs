using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions.Tests;

public sealed class DecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Session In(SessionPhase phase)
    {
        var session = new Session
        {
            Id = SessionId.New(), Name = "s", OwnerId = UserId.New(), OwnerName = "ada", OwnerTitle = "Ada", Template = "t", TemplateVersion = "1", TemplateTitle = "T", Category = "C", Protocol = "rfb",
            Application = new("t", null, null, [], [], [], false), Runtime = "fake", DisplaySecret = "", LimitsFrom = [], Env = [], CreatedAt = Now, MaxDuration = TimeSpan.FromHours(8),
        };
        session.Accept();
        var track = new LaunchTrack(TimeProvider.System);
        if (phase != SessionPhase.Pending)
        {
            session.BeginLaunch(track.Now());
            session.Launched("{}", track.Finish(), Now);
            if (phase == SessionPhase.Frozen)
                session.Freeze(Now);
            else if (phase == SessionPhase.Hibernated)
                session.Hibernate(Now);
            else if (phase == SessionPhase.Failed)
                session.Fail("DisplayLost", "gone");
            else if (phase == SessionPhase.Terminated)
                session.End(Now);
            else if (phase != SessionPhase.Running)
                session.Begin(phase);
        }

        session.TakeFacts();
        return session;
    }

    private static Move Decide(Session session, RuntimePhase? has, bool reachable = true) =>
        Decision.For(session, has is { } phase ? new(session.Id, phase, null, null, null) : null, reachable);

    [Fact]
    public void Every_phase_with_every_wish_and_every_state_leads_somewhere_and_what_is_wanted_rests()
    {
        foreach (var phase in Enum.GetValues<SessionPhase>())
        {
            foreach (var wish in Enum.GetValues<SessionWish>())
            {
                foreach (var has in Enum.GetValues<RuntimePhase>().Cast<RuntimePhase?>().Append(null))
                {
                    foreach (var reachable in new[] { true, false })
                    {
                        var session = In(phase);
                        session.Wish(wish, "manual");
                        _ = Decide(session, has, reachable);
                    }
                }
            }
        }

        Assert.Equal(Move.Rest, Decide(In(SessionPhase.Running), RuntimePhase.Running));
        Assert.Equal(Move.Rest, Decide(In(SessionPhase.Terminated), RuntimePhase.Running));
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_launch_is_mended_whatever_was_left()
    {
        foreach (var phase in new[] { SessionPhase.Starting, SessionPhase.Preparing, SessionPhase.Waking, SessionPhase.Pending })
        {
            foreach (var has in new RuntimePhase?[] { null, RuntimePhase.Starting, RuntimePhase.Running, RuntimePhase.Stopped })
                Assert.Equal(Move.Launch, Decide(In(phase), has));
        }
    }

    [Fact]
    public void What_ran_and_is_gone_is_noted_and_a_failed_one_stays_so_until_somebody_starts_it()
    {
        Assert.Equal(Move.NoteStopped, Decide(In(SessionPhase.Running), null));
        Assert.Equal(Move.NoteStopped, Decide(In(SessionPhase.Frozen), RuntimePhase.Stopped));
        var failed = In(SessionPhase.Failed);
        Assert.Equal(Move.Rest, Decide(failed, null));
        Assert.Equal(Move.Sweep, Decide(failed, RuntimePhase.Running));
        Assert.True(failed.Wish(SessionWish.Running, "manual").Value);
        Assert.Equal(Move.Launch, Decide(failed, null));
    }

    [Fact]
    public void A_lost_runtime_is_told_and_its_return_brings_the_session_back_running_or_anew()
    {
        var session = In(SessionPhase.Running);
        Assert.Equal(Move.NoteLost, Decide(session, null, reachable: false));
        session.Fail(RuntimeReasons.RuntimeLost, "gone");
        Assert.Equal(Move.Wait, Decide(session, null, reachable: false));
        Assert.Equal(Move.Adopt, Decide(session, RuntimePhase.Running));
        Assert.Equal(Move.Launch, Decide(session, null));
    }

    [Fact]
    public void The_facts_of_a_life_are_told_once_each()
    {
        var session = In(SessionPhase.Running);
        session.Wish(SessionWish.Frozen, "idle");
        session.Begin(SessionPhase.Freezing);
        session.Freeze(Now.AddMinutes(10));
        session.Freeze(Now.AddMinutes(10));
        Assert.Equal(["SessionUpdated", "SessionStateChanged", "SessionStateChanged", "SessionFrozen"], session.TakeFacts().Select(f => f.GetType().Name));
        session.Wish(SessionWish.Running, "wake");
        session.Thaw(Now.AddMinutes(70));
        Assert.Equal(["SessionUpdated", "SessionStateChanged", "SessionThawed", "SessionWoken"], session.TakeFacts().Select(f => f.GetType().Name));
        Assert.Equal((1, 0), (session.IdleFreezes, session.ManualFreezes));
        session.Wish(SessionWish.Terminated, "manual");
        Assert.False(session.Wish(SessionWish.Running, "manual").Ok);
        session.End(Now.AddHours(2));
        session.End(Now.AddHours(2));
        Assert.Equal(["SessionUpdated", "SessionStateChanged", "SessionStopped", "SessionDeleted"], session.TakeFacts().Select(f => f.GetType().Name));
    }
}
