using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Contracts.Runtimes;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class RuntimeTroubleTests
{
    [Fact]
    public async Task A_runtime_that_goes_is_told_within_ten_seconds_and_its_sessions_come_back_with_it()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        Assert.Equal("ok", (await ReadyAsync(bed)).GetProperty("status").GetString());
        var watch = Stopwatch.StartNew();
        bed.Runtime.Available = false;
        var failed = await UntilAsync(ada, id, "failed", seconds: 10);
        Assert.Equal("RuntimeLost", failed.GetProperty("reason").GetString());
        Assert.Equal("running", failed.GetProperty("state").GetString());
        Assert.Equal(503, (await SendAsync(ada, HttpMethod.Post, "/sessions", new { template = "terminal" })).Status);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
        var ready = await ReadyAsync(bed);
        Assert.Equal("degraded", ready.GetProperty("status").GetString());
        Assert.StartsWith("fake: ", ready.GetProperty("parts").GetProperty("runtimes").GetString(), StringComparison.Ordinal);

        bed.Runtime.Available = true;
        var back = await UntilAsync(ada, id, "running", seconds: 10);
        Assert.Equal(JsonValueKind.Null, back.GetProperty("reason").ValueKind);
        ada.Dispose();
    }

    // The server serves all the same, so it stays in the load balancer: 200 either way.
    private static async Task<JsonElement> ReadyAsync(SessionsBed bed)
    {
        using var answer = await bed.App.Anonymous.GetAsync("/health/ready");
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_session_whose_processes_died_fails_with_the_runtimes_reason()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        bed.Runtime.Crash(IdOf(id), RuntimeReasons.OutOfMemory, "firefox-esr was killed for memory.");
        var failed = await UntilAsync(ada, id, "failed");
        Assert.Equal(("OutOfMemory", "firefox-esr was killed for memory."), (failed.GetProperty("reason").GetString(), failed.GetProperty("message").GetString()));
        ada.Dispose();
    }

    [Fact]
    public async Task A_program_killed_for_memory_is_told_by_name_and_the_session_lives_on()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        bed.Runtime.KillForMemory(IdOf(id), "gimp");
        await EventuallyAsync(async () => (await GetAsync(ada, $"/sessions/{id}/activity?category=error")).GetProperty("items") is var items && items.GetArrayLength() == 1
            && items[0].GetProperty("message").GetString()!.Contains("gimp", StringComparison.Ordinal), "the error stands in the history");
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());
        ada.Dispose();
    }

    [Fact]
    public async Task A_session_at_its_limit_of_processes_is_told_of_once_and_lives_on()
    {
        await using var bed = await StartAsync(o => o.Settings["Sessions:SampleEvery"] = "00:00:01");
        bed.Runtime.ProcessesRefused = 3;
        var (ada, id) = await bed.RunningAsync();
        await EventuallyAsync(async () => await ErrorsAsync() is [var first] && first.Contains("as many processes as it may have", StringComparison.Ordinal), "it stands in the history");
        bed.Runtime.ProcessesRefused = 3000;
        await Task.Delay(2500);
        Assert.Single(await ErrorsAsync());
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());
        ada.Dispose();

        async Task<string[]> ErrorsAsync() =>
            [.. (await GetAsync(ada, $"/sessions/{id}/activity?category=error")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("message").GetString()!)];
    }

    [Fact]
    public async Task What_belongs_to_no_session_is_removed_and_what_does_is_adopted()
    {
        var runtime = new StreamSpace.Testing.FakeRuntime();
        var orphan = runtime.Plant();
        string id, database;
        await using (var first = await StartAsync(runtime: runtime))
        {
            var (ada, running) = await first.RunningAsync();
            (id, database) = (running, first.App.Database);
            await EventuallyAsync(() => Task.FromResult(!runtime.States.ContainsKey(orphan)), "the orphan is gone");
            ada.Dispose();
        }

        // The server was away: meanwhile the session's processes lived on, another's row was left in the middle.
        var starts = runtime.Acts.Count(a => a.Act == "start");
        await using var again = await StartAsync(o => o.Database = database, runtime);
        using var ada2 = await again.App.LoginAsync("ada");
        await UntilAsync(ada2, id, "running");
        Assert.Equal(starts, runtime.Acts.Count(a => a.Act == "start"));
        Assert.Equal(1, runtime.Alive);
    }

    [Fact]
    public async Task Work_claimed_by_a_dead_replica_is_taken_up_within_ten_seconds()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        var database = bed.App.Services.GetRequiredService<NpgsqlDataSource>();
        await EventuallyAsync(async () => await ClaimForTheDeadAsync(database, id), "the session is at rest");
        var watch = Stopwatch.StartNew();
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await Task.Delay(1000);
        Assert.NotEqual("frozen", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());
        await UntilAsync(ada, id, "frozen", seconds: 10);
        Assert.InRange(watch.Elapsed.TotalSeconds, 4, 10);
        ada.Dispose();
    }

    [Fact]
    public async Task A_runtime_that_throws_what_it_should_not_fails_the_session_and_hurts_nobody_else()
    {
        await using var bed = await StartAsync();
        bed.Runtime.Before = (act, _) =>
        {
            if (act == "start")
                throw new InvalidOperationException("a bug of the runtime");
        };
        using var ada = await bed.App.UserAsync("ada");
        var id = (await LaunchAsync(ada)).GetProperty("id").GetString()!;
        var failed = await UntilAsync(ada, id, "failed");
        Assert.Equal("StartFailed", failed.GetProperty("reason").GetString());
        Assert.DoesNotContain("a bug of the runtime", failed.GetProperty("message").GetString()!, StringComparison.Ordinal);
        bed.Runtime.Before = (_, _) => { };
        await UntilAsync(ada, (await LaunchAsync(ada)).GetProperty("id").GetString()!, "running");
    }

    private static async Task<bool> ClaimForTheDeadAsync(NpgsqlDataSource database, string id)
    {
        await using var claim = database.CreateCommand("update sessions.work set claimed_by = 'dead-replica', claimed_until = clock_timestamp() + interval '6 s' where session_id = $1 and claimed_by is null");
        claim.Parameters.Add(new() { Value = Guid.Parse(id) });
        return await claim.ExecuteNonQueryAsync() == 1;
    }
}
