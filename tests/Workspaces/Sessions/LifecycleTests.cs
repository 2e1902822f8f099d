using System.Text.Json;
using StreamSpace.Contracts.Runtimes;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

public sealed class LifecycleTests : IAsyncLifetime
{
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task A_launch_is_answered_at_once_and_comes_up_with_its_steps_measured()
    {
        bed.Runtime.StepTime = TimeSpan.FromMilliseconds(30);
        using var user = await bed.App.UserAsync("ada");
        var accepted = await LaunchAsync(user, new { template = "firefox" });
        Assert.Equal("pending", accepted.GetProperty("phase").GetString());
        Assert.Matches("^firefox-[0-9a-f]{4}$", accepted.GetProperty("name").GetString()!);
        var id = accepted.GetProperty("id").GetString()!;

        var running = await UntilAsync(user, id, "running");
        Assert.Equal("running", running.GetProperty("state").GetString());
        Assert.All(running.GetProperty("progress").GetProperty("steps").EnumerateArray(), s => Assert.Equal("done", s.GetProperty("state").GetString()));
        foreach (var step in new[] { "reserve", "prepare_image", "start", "connect" })
            Assert.InRange(running.GetProperty("timings").GetProperty(step).GetInt64(), 25, 5000);
        Assert.Equal("ada", running.GetProperty("owner").GetProperty("username").GetString());
        Assert.Equal("template", running.GetProperty("limits_from").GetProperty("cpu").GetString());
        Assert.True(running.GetProperty("permissions").GetProperty("manage").GetBoolean());
    }

    [Fact]
    public async Task A_session_freezes_thaws_hibernates_wakes_restarts_and_ends()
    {
        var (user, id) = await bed.RunningAsync();
        Assert.Equal(200, (await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/freeze")).Status);
        await UntilAsync(user, id, "frozen");
        await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/wake");
        await UntilAsync(user, id, "running");
        await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/stop");
        var hibernated = await UntilAsync(user, id, "hibernated");
        Assert.Equal(JsonValueKind.Null, hibernated.GetProperty("expires_at").ValueKind);
        Assert.Equal(0, bed.Runtime.Alive);
        await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/start");
        await UntilAsync(user, id, "running");
        var before = bed.Runtime.Acts.Count(a => a.Act == "start");
        await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/restart");
        await EventuallyAsync(() => Task.FromResult(bed.Runtime.Acts.Count(a => a.Act == "start") == before + 1), "started again");
        var again = await UntilAsync(user, id, "running");
        Assert.Equal(1, again.GetProperty("restart_count").GetInt32());
        Assert.Equal(1, again.GetProperty("counters").GetProperty("manual_hibernations").GetInt32());
        Assert.Equal(204, (await SendAsync(user, HttpMethod.Delete, $"/sessions/{id}")).Status);
        await UntilAsync(user, id, "terminated");
        Assert.Empty(bed.Runtime.States);
        Assert.Empty((await GetAsync(user, "/sessions")).GetProperty("items").EnumerateArray());
        Assert.Empty(bed.Runtime.Overlaps);
        Assert.Equal(409, (await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/start")).Status);
        user.Dispose();
    }

    [Fact]
    public async Task A_failed_launch_says_why_and_can_be_started_again()
    {
        bed.Runtime.FailStart = _ => new RuntimeFailure(RuntimeReasons.ImagePullFailed, "The registry does not answer.");
        using var user = await bed.App.UserAsync("ada");
        var id = (await LaunchAsync(user)).GetProperty("id").GetString()!;
        var failed = await UntilAsync(user, id, "failed");
        Assert.Equal("ImagePullFailed", failed.GetProperty("reason").GetString());
        Assert.Equal("The registry does not answer.", failed.GetProperty("message").GetString());
        Assert.Contains(failed.GetProperty("progress").GetProperty("steps").EnumerateArray(), s => s.GetProperty("state").GetString() == "failed");

        bed.Runtime.FailStart = _ => null;
        await SendAsync(user, HttpMethod.Post, $"/sessions/{id}/start");
        var running = await UntilAsync(user, id, "running");
        Assert.Equal(JsonValueKind.Null, running.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task Ending_a_session_cuts_its_launch_short()
    {
        bed.Runtime.StepTime = TimeSpan.FromSeconds(30);
        using var user = await bed.App.UserAsync("ada");
        var id = (await LaunchAsync(user)).GetProperty("id").GetString()!;
        await EventuallyAsync(() => Task.FromResult(!bed.Runtime.Specs.IsEmpty), "launch begun");
        await SendAsync(user, HttpMethod.Delete, $"/sessions/{id}");
        await UntilAsync(user, id, "terminated", seconds: 5);
        Assert.Empty(bed.Runtime.States);
    }

    [Fact]
    public async Task Somebody_elses_session_is_not_there()
    {
        var (ada, id) = await bed.RunningAsync();
        using var eve = await bed.App.UserAsync("eve");
        var name = (await GetAsync(ada, "/sessions/" + id)).GetProperty("name").GetString();
        foreach (var path in new[] { $"/sessions/{id}", $"/sessions/{name}", $"/sessions/{id}/connect" })
            Assert.Equal(404, (await SendAsync(eve, HttpMethod.Get, path)).Status);
        Assert.Equal(404, (await SendAsync(eve, HttpMethod.Delete, $"/sessions/{id}")).Status);
        Assert.Equal(404, (await SendAsync(eve, HttpMethod.Post, $"/sessions/{id}/freeze")).Status);
        Assert.Empty((await GetAsync(eve, "/sessions")).GetProperty("items").EnumerateArray());
        using var admin = await bed.App.AdminAsync();
        Assert.Single((await GetAsync(admin, "/sessions")).GetProperty("items").EnumerateArray());
        Assert.Empty((await GetAsync(admin, "/sessions?owner=me")).GetProperty("items").EnumerateArray());
        Assert.Equal(id, (await GetAsync(ada, "/sessions/" + name)).GetProperty("id").GetString());
        ada.Dispose();
    }
}
