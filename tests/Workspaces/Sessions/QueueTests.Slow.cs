using StreamSpace.Contracts;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class QueueTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Turns_go_round_by_team_then_by_person()
    {
        var (red, blue) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (ada, bob, cyd, dan) = (UserId.New(), UserId.New(), UserId.New(), UserId.New());
        var names = new Dictionary<SessionId, string>();
        var waiting = new List<Waiting>();
        void Add(string name, Guid? team, UserId owner)
        {
            var id = SessionId.New();
            names[id] = name;
            waiting.Add(new(id, team, owner, Start.AddSeconds(waiting.Count), 1000, 1 << 30));
        }

        Add("red-ada-1", red, ada);
        Add("red-ada-2", red, ada);
        Add("red-bob-1", red, bob);
        Add("blue-cyd-1", blue, cyd);
        Add("blue-cyd-2", blue, cyd);
        Add("alone-dan-1", null, dan);
        var order = FairQueue.Order(waiting, new Dictionary<(string, string), DateTimeOffset>()).Select(w => names[w.Id]);
        Assert.Equal(["red-ada-1", "blue-cyd-1", "alone-dan-1", "red-bob-1", "blue-cyd-2", "red-ada-2"], order);
    }

    [Fact]
    public void Who_was_served_longest_ago_comes_first_however_long_the_others_wait()
    {
        var (ada, bob) = (UserId.New(), UserId.New());
        var early = new Waiting(SessionId.New(), null, ada, Start, 1, 1);
        var late = new Waiting(SessionId.New(), null, bob, Start.AddHours(1), 1, 1);
        var served = new Dictionary<(string, string), DateTimeOffset> { [("team", "alone:" + ada)] = Start.AddMinutes(1), [("user", ada.ToString())] = Start.AddMinutes(1) };
        Assert.Equal([late.Id, early.Id], FairQueue.Order([early, late], served).Select(w => w.Id));
    }

    [Fact]
    public async Task Without_room_a_launch_waits_in_turn_shows_its_place_and_starts_when_room_comes()
    {
        await using var bed = await StartAsync(o => o.Settings["Sessions:Capacity:fake:Sessions"] = "1");
        var (ada, running) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        var second = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        await UntilAsync(ada, second, "queued");
        var third = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        await UntilAsync(ada, third, "queued");
        var bobs = (await LaunchAsync(bob)).GetProperty("id").GetString()!;
        await UntilAsync(bob, bobs, "queued");

        // Bob came last but was never served: round by person, he stands between Ada's two.
        await EventuallyAsync(async () => (await GetAsync(bob, "/sessions/" + bobs)).GetProperty("queue_position") is { ValueKind: System.Text.Json.JsonValueKind.Number } p && p.GetInt32() == 2, "Bob is second");
        Assert.Equal(3, (await GetAsync(ada, "/sessions/" + third)).GetProperty("queue_position").GetInt32());

        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{running}");
        await UntilAsync(ada, second, "running");
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{second}/hibernate");
        await UntilAsync(bob, bobs, "running");
        Assert.Equal("queued", (await GetAsync(ada, "/sessions/" + third)).GetProperty("phase").GetString());
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{third}");
        await UntilAsync(ada, third, "terminated");

        // A wake needs room too.
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{second}/wake");
        await UntilAsync(ada, second, "queued");
        await SendAsync(bob, HttpMethod.Delete, $"/sessions/{bobs}");
        await UntilAsync(ada, second, "running");
        ada.Dispose();
    }

    [Fact]
    public async Task What_never_fits_is_refused_at_once()
    {
        await using var bed = await StartAsync(o => o.Settings["Sessions:Capacity:fake:Memory"] = "1Gi");
        using var ada = await bed.App.UserAsync("ada");
        var (status, body) = await SendAsync(ada, HttpMethod.Post, "/sessions", new { template = "terminal", resources = new { memory = "2Gi" } });
        Assert.Equal((422, "QUOTA_EXCEEDED"), (status, body.GetProperty("error").GetProperty("code").GetString()));
    }
}
