using System.Text.Json;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class ChangeLimitsTests
{
    [Fact]
    public async Task A_running_session_gets_other_limits_which_are_told_and_audited()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        var (status, changed) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { cpu = "1500m", memory = "768Mi" } });
        Assert.Equal(200, status);
        Assert.Equal(("1500m", "768Mi"), Sizes(changed));
        Assert.Equal(("request", "request"), Sources(changed));
        await UntilStateAsync(ada, id, "applied");
        var limits = bed.Runtime.Specs[IdOf(id)].Limits;
        Assert.Equal((1500, 768L << 20), (limits.CpuMillicores, limits.MemoryBytes));
        Assert.Single(bed.Runtime.Acts, a => a.Act == "limit");
        Assert.Single(bed.Runtime.Acts, a => a.Act == "start");

        // The same again changes nothing and tells nothing.
        var (_, same) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "768Mi" } });
        Assert.Equal("applied", same.GetProperty("limits_state").GetString());
        Assert.Single(bed.Runtime.Acts, a => a.Act == "limit");

        using var admin = await bed.App.AdminAsync();
        var entry = (await GetAsync(admin, $"/audit?action=session.updated&resource=session:{id}&limit=200")).GetProperty("items").EnumerateArray().Last();
        Assert.Contains(entry.GetProperty("changes").EnumerateArray(), c => c.GetProperty("field").GetString() == "resources.memory" && c.GetProperty("after").GetString() == "768Mi");
        await using var connection = await Npgsql.NpgsqlDataSource.Create(bed.App.Database).OpenConnectionAsync();
        await using var told = new Npgsql.NpgsqlCommand("select data from kernel.events where type = 'session.resources.updated' and subject = $1 order by position limit 1", connection) { Parameters = { new() { Value = $"session:{id}" } } };
        var fact = JsonSerializer.Deserialize<JsonElement>((string)(await told.ExecuteScalarAsync())!);
        Assert.Equal("768Mi", fact.GetProperty("resources").GetProperty("memory").GetString());

        // A usage sample says nothing of limits: clients copy what stands there.
        var session = fact.GetProperty("now").Deserialize<StreamSpace.Contracts.Sessions.SessionNow>(StreamSpace.Kernel.Json.EventOptions)!;
        Assert.DoesNotContain("resources", JsonSerializer.Serialize(new StreamSpace.Contracts.Sessions.SessionResourcesUpdated(session, 1, 2), StreamSpace.Kernel.Json.EventOptions), StringComparison.Ordinal);
        ada.Dispose();
    }

    [Fact]
    public async Task A_sleeping_session_has_them_from_its_next_start_and_a_frozen_one_when_it_goes_on()
    {
        await using var bed = await StartAsync();
        var (ada, id) = await bed.RunningAsync();
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await UntilAsync(ada, id, "frozen");
        var (_, frozen) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "640Mi" } });
        Assert.Equal("pending", frozen.GetProperty("limits_state").GetString());
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/wake");
        await UntilStateAsync(ada, id, "applied");
        Assert.Equal(640L << 20, bed.Runtime.Specs[IdOf(id)].Limits.MemoryBytes);

        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/hibernate");
        await UntilAsync(ada, id, "hibernated");
        var (_, asleep) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "700Mi" } });
        Assert.Equal("applied", asleep.GetProperty("limits_state").GetString());
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/wake");
        await UntilAsync(ada, id, "running");
        Assert.Equal(700L << 20, bed.Runtime.Specs[IdOf(id)].Limits.MemoryBytes);
        Assert.Single(bed.Runtime.Acts, a => a.Act == "limit");
        ada.Dispose();
    }

    [Fact]
    public async Task A_runtime_that_cannot_says_so_once_and_the_next_start_has_them()
    {
        await using var bed = await StartAsync();
        bed.Runtime.Capabilities = bed.Runtime.Capabilities with { MemoryLimit = false, CpuLimit = false };
        var (ada, id) = await bed.RunningAsync();
        await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "640Mi" } });
        await UntilStateAsync(ada, id, "next_start");
        await EventuallyAsync(
            async () => (await GetAsync(ada, $"/sessions/{id}/activity?limit=200")).GetProperty("items").EnumerateArray().Any(i => i.GetProperty("type").GetString() == "session.error" && i.ToString().Contains("hold from its next start", StringComparison.Ordinal)),
            "told");
        Assert.Equal("running", (await GetAsync(ada, $"/sessions/{id}")).GetProperty("phase").GetString());
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/restart");
        await UntilStateAsync(ada, id, "applied");
        Assert.Equal(640L << 20, bed.Runtime.Specs[IdOf(id)].Limits.MemoryBytes);
        Assert.Single(bed.Runtime.Acts, a => a.Act == "limit");
        ada.Dispose();
    }

    [Fact]
    public async Task The_strictest_wins_and_quotas_and_room_hold_for_what_is_added()
    {
        await using var bed = await StartAsync(o =>
        {
            o.Settings["Sessions:MaxMemory"] = "3Gi";
            o.Settings["Sessions:MemoryPerUser"] = "4Gi";
            o.Settings["Sessions:Capacity:fake:Memory"] = "6Gi";
        });
        var (ada, id) = await bed.RunningAsync(request: new { template = "terminal", resources = new { memory = "512Mi" } });
        var (_, most) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "64Gi" } });
        var granted = most.GetProperty("resources").GetProperty("memory").GetString();
        Assert.NotEqual("64Gi", granted);
        Assert.Contains(most.GetProperty("limits_from").GetProperty("memory").GetString(), new[] { "platform", "template" });

        await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "1Gi" } });
        var (_, second) = (0, await LaunchAsync(ada, new { template = "firefox", resources = new { memory = "3Gi" } }));
        await UntilAsync(ada, second.GetProperty("id").GetString()!, "running");
        var (status, refused) = await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "1536Mi" } });
        Assert.Equal((422, "QUOTA_EXCEEDED"), (status, refused.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(("memory", "user", "512Mi"), (Detail(refused, "quota"), Detail(refused, "source"), Detail(refused, "asked")));
        Assert.Equal("1Gi", (await GetAsync(ada, $"/sessions/{id}")).GetProperty("resources").GetProperty("memory").GetString());
        Assert.Equal(200, (await SendAsync(ada, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "512Mi" } })).Status);

        // Another person's sessions take the runtime's room: 3.5 Gi are held, 6 Gi are there.
        var (bea, hers) = await bed.RunningAsync("bea", new { template = "firefox", resources = new { memory = "2Gi" } });
        (status, refused) = await SendAsync(bea, HttpMethod.Patch, $"/sessions/{hers}", new { resources = new { memory = "2600Mi" } });
        Assert.Equal((422, "platform", "512Mi"), (status, Detail(refused, "source"), Detail(refused, "left")));
        Assert.Equal(404, (await SendAsync(bea, HttpMethod.Patch, $"/sessions/{id}", new { resources = new { memory = "64Mi" } })).Status);
        ada.Dispose();
        bea.Dispose();
    }

    [Theory]
    [InlineData("""{"cpu":"many"}""", "resources.cpu")]
    [InlineData("""{"cpu":"1m"}""", "resources.cpu")]
    [InlineData("""{"memory":"2Gb"}""", "resources.memory")]
    [InlineData("""{"memory":"1Mi"}""", "resources.memory")]
    [InlineData("""{"storage":"10 Gi"}""", "resources.storage")]
    [InlineData("""{"storage":"10Gi"}""", "resources.storage")]
    [InlineData("""{"gpu":"1"}""", "gpu")]
    public async Task Bad_sizes_name_the_field_and_change_nothing(string resources, string field)
    {
        var runtime = new StreamSpace.Testing.FakeRuntime();
        runtime.Capabilities = runtime.Capabilities with { StorageLimit = false };
        await using var bed = await StartAsync(runtime: runtime);
        var (ada, id) = await bed.RunningAsync();
        var before = (await GetAsync(ada, $"/sessions/{id}")).GetProperty("resources").ToString();
        using var body = new StringContent($$"""{"resources":{{resources}}}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await ada.PatchAsync($"/api/v1/sessions/{id}", body);
        var error = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((400, field), ((int)answer.StatusCode, error.GetProperty("details").GetProperty("field").GetString()));
        Assert.Equal(before, (await GetAsync(ada, $"/sessions/{id}")).GetProperty("resources").ToString());
        ada.Dispose();
    }

    private static string? Detail(JsonElement refused, string name) => refused.GetProperty("error").GetProperty("details").GetProperty(name).GetString();

    private static (string?, string?) Sizes(JsonElement session) => (session.GetProperty("resources").GetProperty("cpu").GetString(), session.GetProperty("resources").GetProperty("memory").GetString());

    private static (string?, string?) Sources(JsonElement session) => (session.GetProperty("limits_from").GetProperty("cpu").GetString(), session.GetProperty("limits_from").GetProperty("memory").GetString());

    private static Task UntilStateAsync(HttpClient user, string id, string state) => EventuallyAsync(
        async () => await GetAsync(user, $"/sessions/{id}") is var s && s.GetProperty("limits_state").GetString() == state && s.GetProperty("phase").GetString() == "running", $"limits {state}");
}
