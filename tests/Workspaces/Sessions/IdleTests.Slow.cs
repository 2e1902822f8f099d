using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

[Trait("Category", "Slow")]
public sealed class IdleTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private SessionsBed bed = null!;

    public async Task InitializeAsync()
    {
        var fake = new FakeRuntime();
        bed = await StartAsync(
            o => o.Services = services =>
            {
                services.AddSingleton<StreamSpace.Contracts.Runtimes.ISessionRuntime>(fake);
                services.AddSingleton<TimeProvider>(clock);
            },
            fake);
    }

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task An_unused_session_is_warned_then_frozen_then_hibernated_and_says_so()
    {
        var (ada, id) = await bed.RunningAsync();
        var idle = await GetAsync(ada, $"/sessions/{id}/idle");
        var last = idle.GetProperty("last_activity_at").GetDateTimeOffset();
        Assert.Equal(last.AddMinutes(10), idle.GetProperty("freeze_at").GetDateTimeOffset());
        Assert.Equal(last.AddMinutes(30), idle.GetProperty("hibernate_at").GetDateTimeOffset());
        Assert.NotEmpty(idle.GetProperty("reasons").EnumerateArray());

        clock.Advance(TimeSpan.FromMinutes(8.5));
        await EventuallyAsync(async () => (await TypesAsync(ada, id)).Contains("session.idle"), "warned two minutes before");
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());

        clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(ada, id, "frozen");
        clock.Advance(TimeSpan.FromMinutes(20));
        ada.Dispose();
        using var later = await bed.App.LoginAsync("ada");
        var hibernated = await UntilAsync(later, id, "hibernated");
        Assert.Equal("hibernated", hibernated.GetProperty("state").GetString());
        Assert.Equal(1, hibernated.GetProperty("counters").GetProperty("idle_hibernations").GetInt32());
        Assert.Equal(1, hibernated.GetProperty("counters").GetProperty("idle_freezes").GetInt32());
        Assert.Equal(0, hibernated.GetProperty("counters").GetProperty("manual_hibernations").GetInt32());

        // Two hours of sleep save two hours of what the session may use.
        clock.Advance(TimeSpan.FromHours(2));
        using var evening = await bed.App.LoginAsync("ada");
        await SendAsync(evening, HttpMethod.Post, $"/sessions/{id}/wake");
        await UntilAsync(evening, id, "running");
        var saved = (await GetAsync(evening, $"/sessions/{id}/usage")).GetProperty("saved");
        Assert.InRange(saved.GetProperty("cpu_hours").GetDouble(), 2.3, 2.5);
        Assert.InRange(saved.GetProperty("memory_gib_hours").GetDouble(), 0.99, 1.1);
    }

    [Fact]
    public async Task Input_and_heartbeats_put_sleep_off_and_keep_awake_prevents_it()
    {
        var (ada, id) = await bed.RunningAsync();
        clock.Advance(TimeSpan.FromMinutes(9));
        await EventuallyAsync(async () => (await TypesAsync(ada, id)).Contains("session.idle"), "warned");
        await bed.App.Services.GetRequiredService<ISessionActivity>().InputSeenAsync(IdOf(id), default, default);
        await EventuallyAsync(async () => (await TypesAsync(ada, id)).Contains("session.active"), "told that it is used again");
        clock.Advance(TimeSpan.FromMinutes(3));
        await Task.Delay(1500);
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());

        clock.Advance(TimeSpan.FromMinutes(2));
        using var again = await bed.App.LoginAsync("ada");
        Assert.Equal(204, (await SendAsync(again, HttpMethod.Post, $"/sessions/{id}/heartbeat")).Status);
        Assert.Equal("heartbeat", (await GetAsync(again, $"/sessions/{id}/idle")).GetProperty("last_activity").GetString());
        Assert.Equal(200, (await SendAsync(again, HttpMethod.Patch, $"/sessions/{id}", new { keep_awake = true })).Status);
        clock.Advance(TimeSpan.FromHours(3));
        await Task.Delay(1500);
        using var evening = await bed.App.LoginAsync("ada");
        var idle = await GetAsync(evening, $"/sessions/{id}/idle");
        Assert.True(idle.GetProperty("active").GetBoolean());
        Assert.Equal(JsonValueKind.Null, idle.GetProperty("freeze_at").ValueKind);
        Assert.Equal("running", (await GetAsync(evening, "/sessions/" + id)).GetProperty("phase").GetString());

        await SendAsync(evening, HttpMethod.Patch, $"/sessions/{id}", new { keep_awake = false });
        await UntilAsync(evening, id, "hibernated");
        ada.Dispose();
    }

    [Fact]
    public async Task A_picture_that_moves_before_somebody_puts_sleep_off_and_is_named()
    {
        var (ada, id) = await bed.RunningAsync();
        var activity = bed.App.Services.GetRequiredService<ISessionActivity>();
        clock.Advance(TimeSpan.FromMinutes(9));
        await activity.PictureMovesAsync(IdOf(id), default);
        var idle = await GetAsync(ada, $"/sessions/{id}/idle");
        Assert.Equal(("picture", true), (idle.GetProperty("last_activity").GetString(), idle.GetProperty("active").GetBoolean()));
        Assert.Contains("moves while somebody looks on", idle.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(idle.GetProperty("last_activity_at").GetDateTimeOffset().AddMinutes(10), idle.GetProperty("freeze_at").GetDateTimeOffset());

        clock.Advance(TimeSpan.FromMinutes(5));
        await Task.Delay(1500);
        idle = await GetAsync(ada, $"/sessions/{id}/idle");
        Assert.StartsWith("Last moving picture before a viewer 5m", idle.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());
        clock.Advance(TimeSpan.FromMinutes(6));
        using var later = await bed.App.LoginAsync("ada");
        await UntilAsync(later, id, "frozen");
        ada.Dispose();
    }

    [Fact]
    public async Task A_session_ends_when_its_longest_duration_is_over_warned_at_ten_minutes_and_at_one()
    {
        var (ada, id) = await bed.RunningAsync(request: new { template = "terminal", max_duration = "1h", keep_awake = true });
        clock.Advance(TimeSpan.FromMinutes(50.5));
        using var later = await bed.App.LoginAsync("ada");
        await EventuallyAsync(async () => (await TypesAsync(later, id)).Count(t => t == "session.idle") == 1, "warned at ten minutes");
        clock.Advance(TimeSpan.FromMinutes(8.7));
        await EventuallyAsync(async () => (await TypesAsync(later, id)).Count(t => t == "session.idle") == 2, "warned at one minute");
        clock.Advance(TimeSpan.FromMinutes(1));
        var ended = await UntilAsync(later, id, "terminated");
        Assert.Equal("terminated", ended.GetProperty("state").GetString());
        ada.Dispose();
    }

    [Fact]
    public async Task A_frozen_session_thaws_at_once_when_somebody_presses_a_key()
    {
        var (ada, id) = await bed.RunningAsync();
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await UntilAsync(ada, id, "frozen");
        var waker = bed.App.Services.GetRequiredService<ISessionWaker>();
        Assert.Equal(WakeAnswer.Running, await waker.WakeAsync(IdOf(id), default, WakeCause.Input, default));
        Assert.Equal("running", (await GetAsync(ada, "/sessions/" + id)).GetProperty("phase").GetString());
        Assert.Equal(WakeAnswer.Running, await waker.WakeAsync(IdOf(id), default, WakeCause.Input, default));
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/hibernate");
        await UntilAsync(ada, id, "hibernated");
        Assert.Equal(WakeAnswer.Coming, await waker.WakeAsync(IdOf(id), default, WakeCause.Connect, default));
        await UntilAsync(ada, id, "running");
        await SendAsync(ada, HttpMethod.Delete, $"/sessions/{id}");
        Assert.Equal(WakeAnswer.Gone, await waker.WakeAsync(IdOf(id), default, WakeCause.Connect, default));
        ada.Dispose();
    }

    private static async Task<List<string>> TypesAsync(HttpClient user, string id) =>
        [.. (await GetAsync(user, $"/sessions/{id}/activity?limit=200")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString()!)];
}
