using System.Text.Json;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class QuotaTests
{
    [Fact]
    public async Task Fifty_launches_at_once_against_a_quota_of_five_on_two_replicas_are_accepted_exactly_five_times()
    {
        await using var first = await StartAsync(o => o.Settings["Sessions:MaxPerUser"] = "5");
        await using var second = await StartAsync(
            o =>
            {
                o.Database = first.App.Database;
                o.Settings["Sessions:MaxPerUser"] = "5";
            },
            first.Runtime);
        using var ada = await first.App.UserAsync("ada");
        using var there = await second.App.LoginAsync("ada");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => SendAsync(i % 2 == 0 ? ada : there, HttpMethod.Post, "/sessions", new { template = "terminal" })));
        Assert.Equal(5, answers.Count(a => a.Status == 201));
        Assert.True(answers.All(a => a.Status is 201 or 422), string.Join(' ', answers.Select(a => $"{a.Status} {(a.Status is 201 or 422 ? "" : a.Body)}")));
        var refused = answers.First(a => a.Status == 422).Body.GetProperty("error");
        Assert.Equal("QUOTA_EXCEEDED", refused.GetProperty("code").GetString());
        Assert.Equal("user", refused.GetProperty("details").GetProperty("source").GetString());
        Assert.Equal("5", refused.GetProperty("details").GetProperty("limit").GetString());
        Assert.Equal(5, (await GetAsync(ada, "/sessions")).GetProperty("total").GetInt32());

        // Ending one makes room for exactly one.
        var id = (await GetAsync(ada, "/sessions")).GetProperty("items")[0].GetProperty("id").GetString();
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{id}");
        await LaunchAsync(ada);
        Assert.Equal(422, (await SendAsync(ada, HttpMethod.Post, "/sessions", new { template = "terminal" })).Status);
    }

    [Fact]
    public async Task Memory_of_awake_sessions_counts_and_hibernating_gives_it_back()
    {
        await using var bed = await StartAsync(o => o.Settings["Sessions:MemoryPerUser"] = "1Gi");
        var (ada, id) = await bed.RunningAsync(request: new { template = "terminal", resources = new { memory = "768Mi" } });
        var (status, body) = await SendAsync(ada, HttpMethod.Post, "/sessions", new { template = "terminal" });
        Assert.Equal(422, status);
        Assert.Equal("memory", body.GetProperty("error").GetProperty("details").GetProperty("quota").GetString());
        Assert.Equal("768Mi", body.GetProperty("error").GetProperty("details").GetProperty("used").GetString());
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/hibernate");
        await LaunchAsync(ada);
        Assert.Equal(422, (await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/wake")).Status);
        ada.Dispose();
    }

    [Fact]
    public async Task The_strictest_limit_wins_and_is_named()
    {
        await using var bed = await StartAsync(o =>
        {
            o.Settings["Sessions:MaxMemory"] = "1Gi";
            o.Settings["Sessions:MaxDuration"] = "1h";
        });
        using var ada = await bed.App.UserAsync("ada");
        var session = await LaunchAsync(ada, new { template = "firefox", resources = new { cpu = "500m", memory = "4Gi" }, idle_timeout = "5m", max_duration = "24h" });
        Assert.Equal("1Gi", session.GetProperty("resources").GetProperty("memory").GetString());
        Assert.Equal("500m", session.GetProperty("resources").GetProperty("cpu").GetString());
        Assert.Equal("1h", session.GetProperty("max_duration").GetString());
        var from = session.GetProperty("limits_from").Deserialize<Dictionary<string, string>>()!;
        Assert.Equal(("request", "platform", "template", "request", "platform"), (from["cpu"], from["memory"], from["storage"], from["idle_timeout"], from["max_duration"]));
    }
}
