using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

/// <summary>Two servers on one database: what happens on one is true on the other within a second.</summary>
[Trait("Category", "Slow")]
public sealed class ReplicaTests
{
    [Fact]
    public async Task A_token_of_one_replica_is_good_on_the_other_and_ends_there_within_a_second()
    {
        await using var one = await TestApp.StartAsync();
        await using var two = await TestApp.StartAsync(o => o.Database = one.Database);
        using var admin = await one.AdminAsync();
        using var user = await one.UserAsync("far-ann");
        using var there = two.NewClient();
        there.DefaultRequestHeaders.Authorization = user.DefaultRequestHeaders.Authorization;
        var id = await there.IdAsync();
        var login = LoginId.From(Guid.Parse((await (await there.GetAsync("/api/v1/auth/me")).JsonAsync()).JsonString("login_id")));
        Assert.NotNull(await two.Services.GetRequiredService<ILoginDirectory>().FindAsync(login, default));

        // Rights first, then the login itself.
        Assert.Equal(HttpStatusCode.Forbidden, (await there.GetAsync("/api/v1/users")).StatusCode);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { roles = new[] { "auditor" } })).EnsureSuccessStatusCode();
        Assert.InRange(await UntilAsync(async () => (await there.GetAsync("/api/v1/users")).StatusCode == HttpStatusCode.OK), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        (await admin.PostAsync($"/api/v1/users/{id}/lock", null)).EnsureSuccessStatusCode();
        Assert.InRange(await UntilAsync(async () => (await there.GetAsync("/api/v1/auth/me")).StatusCode == HttpStatusCode.Unauthorized), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Null(await two.Services.GetRequiredService<ILoginDirectory>().FindAsync(login, default));
    }

    [Fact]
    public async Task The_end_of_a_login_is_an_event_that_other_replicas_see()
    {
        await using var one = await TestApp.StartAsync();
        await using var two = await TestApp.StartAsync(o => o.Database = one.Database);
        using var user = await one.UserAsync("far-bea");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var since = two.Services.GetRequiredService<IEventFeed>().Position;
        (await user.PostAsync("/api/v1/auth/logout", null)).EnsureSuccessStatusCode();
        await foreach (var fact in two.Services.GetRequiredService<IEventFeed>().SubscribeAsync(since, patience.Token))
        {
            if (fact.Type != "login.ended")
                continue;
            Assert.Equal(LoginEnd.LoggedOut, fact.As<LoginEnded>().Reason);
            return;
        }
    }

    [Fact]
    public async Task An_authenticated_request_costs_no_query_and_next_to_no_time()
    {
        await using var app = await TestApp.StartAsync();
        using var user = await app.UserAsync("far-cid");
        var source = app.Services.GetRequiredService<ICallerSource>();
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.Headers.Authorization = user.DefaultRequestHeaders.Authorization!.ToString();
        Assert.True((await source.AuthenticateAsync(context, default)).Ok);
        var times = new List<double>();
        for (var i = 0; i < 5000; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var found = await source.AuthenticateAsync(context, default);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.Equal("far-cid", found.Value.Name);
        }

        times.Sort();
        Assert.InRange(times[times.Count / 2], 0, 0.15);
    }

    private static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds() && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
            await Task.Delay(10);
        return Stopwatch.GetElapsedTime(started);
    }
}
