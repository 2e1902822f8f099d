using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class ReplicaTests
{
    [Fact]
    public async Task Two_replicas_share_the_work_one_acts_per_session_and_the_other_goes_on_when_it_stops()
    {
        var first = await StartAsync();
        await using var second = await StartAsync(o => o.Database = first.App.Database, first.Runtime);
        first.Runtime.StepTime = TimeSpan.FromMilliseconds(15);
        using var ada = await first.App.UserAsync("ada");
        using var there = await second.App.LoginAsync("ada");
        var ids = (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => LaunchAsync(i % 2 == 0 ? ada : there)))).Select(s => s.GetProperty("id").GetString()!).ToArray();
        foreach (var id in ids)
            await UntilAsync(there, id, "running");
        await Task.WhenAll(ids.Select((id, i) => SendAsync(i % 2 == 0 ? there : ada, HttpMethod.Post, $"/sessions/{id}/{(i % 3 == 0 ? "freeze" : "hibernate")}")));
        for (var i = 0; i < ids.Length; i++)
            await UntilAsync(i % 2 == 0 ? ada : there, ids[i], i % 3 == 0 ? "frozen" : "hibernated");
        Assert.Empty(first.Runtime.Overlaps);
        Assert.Equal(20, first.Runtime.Acts.Count(a => a.Act == "start"));

        // In the middle of the next launches one of them stops; the other ends the work.
        first.Runtime.StepTime = TimeSpan.FromMilliseconds(300);
        var more = new List<string>();
        for (var i = 0; i < 6; i++)
            more.Add((await LaunchAsync(there)).GetProperty("id").GetString()!);
        await first.DisposeAsync();
        foreach (var id in more)
            await UntilAsync(there, id, "running", seconds: 10);
    }
}
