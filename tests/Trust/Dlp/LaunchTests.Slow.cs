using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>A server with a scripted runtime, for launches.</summary>
public sealed class LaunchServer : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await TestApp.StartAsync(options => options.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime()));

    public async Task DisposeAsync() => await App.DisposeAsync();
}

/// <summary>Launches that need a reason or somebody's approval. Each test has people of its own, and policies about them only.</summary>
[Trait("Category", "Slow")]
public sealed class LaunchTests(LaunchServer server) : IClassFixture<LaunchServer>
{
    private static int number;

    [Fact]
    public async Task A_launch_without_the_reason_it_needs_is_refused_by_name_and_with_one_it_is_kept_and_told()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        await PolicyAsync(admin, person, new { require_reason = true });
        var rules = await RulesAsync(ada);
        Assert.Equal((true, false), (rules.GetProperty("everywhere").GetProperty("require_reason").GetBoolean(), rules.GetProperty("everywhere").GetProperty("require_approval").GetBoolean()));
        foreach (var reason in new[] { null, "", "   " })
        {
            var refused = await LaunchAsync(ada, reason);
            Assert.Equal((422, "REASON_REQUIRED"), ((int)refused.StatusCode, await refused.CodeAsync()));
        }

        Assert.Equal("VALIDATION_ERROR", await (await LaunchAsync(ada, "a\u0007b")).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await LaunchAsync(ada, new string('x', 501))).CodeAsync());
        Assert.Equal(0, (await (await ada.GetAsync("/api/v1/sessions")).JsonAsync()).GetProperty("total").GetInt32());

        var launched = await LaunchAsync(ada, " the quarter's figures ");
        Assert.Equal(HttpStatusCode.Created, launched.StatusCode);
        var id = (await launched.JsonAsync()).JsonString("id");
        using var auditor = await server.App.UserAsync($"auditor-{Interlocked.Increment(ref number)}", "auditor");
        Assert.Equal("the quarter's figures", (await (await auditor.GetAsync($"/api/v1/sessions/{id}")).JsonAsync()).JsonString("launch_reason"));
        Assert.Contains("the quarter's figures", await (await auditor.GetAsync("/api/v1/audit?action=session.created&limit=50")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await server.App.UserAsync($"other-{Interlocked.Increment(ref number)}");
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(other, null)).StatusCode);
    }

    [Fact]
    public async Task An_approval_is_asked_for_granted_by_somebody_else_told_live_and_used_once()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        await PolicyAsync(admin, person, new { require_approval = true });
        Assert.Equal("APPROVAL_REQUIRED", await (await LaunchAsync(ada, "please")).CodeAsync());
        using var adminLive = await ListenAsync(admin);
        using var adaLive = await ListenAsync(ada);
        var asked = await AskAsync(ada, "need to look into ticket 12");
        Assert.Equal(HttpStatusCode.Created, asked.StatusCode);
        var id = (await asked.JsonAsync()).JsonString("id");
        var told = await NextAsync(adminLive, "approval.asked");
        Assert.Equal((id, "need to look into ticket 12"), (told.GetProperty("data").GetProperty("approval").JsonString("id"), told.GetProperty("data").GetProperty("approval").JsonString("reason")));
        Assert.Equal("ALREADY_ASKED", await (await AskAsync(ada, "again")).CodeAsync());
        Assert.Equal("APPROVAL_PENDING", await (await LaunchAsync(ada, null)).CodeAsync());

        var granted = await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { text = "for today", hours = 2 });
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        var answer = (await NextAsync(adaLive, "approval.granted")).GetProperty("data").GetProperty("approval");
        Assert.Equal(("for today", "admin"), (answer.JsonString("answer"), answer.JsonString("decidedBy")));
        Assert.Equal("granted", (await RulesAsync(ada)).GetProperty("approvals")[0].JsonString("status"));
        Assert.Equal("ALREADY_GRANTED", await (await AskAsync(ada, "again")).CodeAsync());

        // A launch that comes to nothing does not use it up.
        Assert.Equal("VALIDATION_ERROR", await (await ada.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal", name = "Not A Label" })).CodeAsync());
        var first = await LaunchAsync(ada, null);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var session = await first.JsonAsync();
        Assert.Equal("need to look into ticket 12", session.JsonString("launch_reason"));
        var used = await (await ada.GetAsync($"/api/v1/launch-approvals/{id}")).JsonAsync();
        Assert.Equal(("used", session.JsonString("id")), (used.JsonString("status"), used.JsonString("session")));
        Assert.Equal("APPROVAL_REQUIRED", await (await LaunchAsync(ada, null)).CodeAsync());
    }

    [Fact]
    public async Task Of_launches_at_once_with_one_approval_one_passes_and_of_two_who_decide_at_once_one_is_told_who_was_first()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        await PolicyAsync(admin, person, new { require_approval = true });
        var id = (await (await AskAsync(ada, "x")).JsonAsync()).JsonString("id");
        using var second = await server.App.UserAsync($"second-{Interlocked.Increment(ref number)}", "admin");
        var decided = await Task.WhenAll(
            admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { }), second.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { }),
            admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { }), second.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { }));
        Assert.Single(decided, d => d.StatusCode == HttpStatusCode.OK);
        foreach (var late in decided.Where(d => d.StatusCode != HttpStatusCode.OK))
            Assert.Equal("ALREADY_DECIDED", await late.CodeAsync());
        var launched = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LaunchAsync(ada, null)));
        Assert.Single(launched, l => l.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_launch_that_is_refused_later_gives_the_approval_back()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        Assert.Equal(HttpStatusCode.Created, (await ada.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal", name = "taken" })).StatusCode);
        await PolicyAsync(admin, person, new { require_approval = true });
        var id = (await (await AskAsync(ada, "x")).JsonAsync()).JsonString("id");
        await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { });
        Assert.Equal("NAME_TAKEN", await (await ada.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal", name = "taken" })).CodeAsync());
        Assert.Equal("granted", (await (await ada.GetAsync($"/api/v1/launch-approvals/{id}")).JsonAsync()).JsonString("status"));
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(ada, null)).StatusCode);
    }

    [Fact]
    public async Task Nobody_decides_their_own_and_only_those_who_may_see_and_decide()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync("admin");
        using var other = await server.App.UserAsync($"other-{Interlocked.Increment(ref number)}");
        await PolicyAsync(admin, person, new { require_approval = true });
        var id = (await (await AskAsync(ada, "mine")).JsonAsync()).JsonString("id");
        Assert.Equal((HttpStatusCode.Conflict, "OWN_APPROVAL"), await AnswerAsync(ada.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { })));
        Assert.Equal((HttpStatusCode.Conflict, "OWN_APPROVAL"), await AnswerAsync(ada.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/refuse", new { text = "no" })));
        Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/launch-approvals/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/api/v1/launch-approvals/{id}/withdraw", null)).StatusCode);
        Assert.Equal(0, (await (await other.GetAsync("/api/v1/launch-approvals")).JsonAsync()).GetProperty("total").GetInt32());
        Assert.Equal("VALIDATION_ERROR", await (await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/refuse", new { text = " " })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { hours = 0 })).CodeAsync());
        Assert.Equal((HttpStatusCode.Forbidden, "NOT_ALLOWED"), await AnswerAsync(admin.PostAsync($"/api/v1/launch-approvals/{id}/withdraw", null)));

        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/refuse", new { text = "not this week" })).StatusCode);
        Assert.Equal("APPROVAL_REQUIRED", await (await LaunchAsync(ada, null)).CodeAsync());
        // Asked for again, and taken back.
        var again = (await (await AskAsync(ada, "again")).JsonAsync()).JsonString("id");
        Assert.Equal("withdrawn", (await (await ada.PostAsync($"/api/v1/launch-approvals/{again}/withdraw", null)).JsonAsync()).JsonString("status"));
        Assert.Equal("ALREADY_DECIDED", await (await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{again}/grant", new { })).CodeAsync());
    }

    [Fact]
    public async Task A_policy_that_changes_between_counts_as_it_is_at_the_launch()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        var policy = await PolicyAsync(admin, person, new { require_approval = true });
        Assert.Equal("APPROVAL_NOT_NEEDED", await (await AskAsync((await PersonAsync()).Client, "x")).CodeAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await ada.PostAsJsonAsync("/api/v1/launch-approvals", new { template = "no-such", reason = "x" })).StatusCode);
        var id = (await (await AskAsync(ada, "x")).JsonAsync()).JsonString("id");
        await admin.PatchAsJsonAsync(policy, new { rules = new { require_reason = true } });
        Assert.Equal("REASON_REQUIRED", await (await LaunchAsync(ada, null)).CodeAsync());
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(ada, "now a reason is enough")).StatusCode);
        await admin.PatchAsJsonAsync(policy, new { rules = new { require_approval = true } });
        Assert.Equal("APPROVAL_PENDING", await (await LaunchAsync(ada, null)).CodeAsync());
        await admin.PostAsJsonAsync($"/api/v1/launch-approvals/{id}/grant", new { once = false });
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(ada, "first")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(ada, "second")).StatusCode);
    }

    [Fact]
    public async Task A_launch_obeys_the_policies_of_ones_teams_as_long_as_one_is_in_them()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        var team = (await admin.PostAsJsonAsync("/api/v1/teams", new { name = $"launchers-{Interlocked.Increment(ref number)}" })).Headers.Location!.ToString();
        var policy = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = $"launch-{Interlocked.Increment(ref number)}", apply_to = new { teams = new[] { team.Split('/')[^1] } }, rules = new { require_reason = true } });
        Assert.Equal(HttpStatusCode.Created, policy.StatusCode);
        async Task<bool> AsksAsync() => (await (await ada.GetAsync("/api/v1/launch-rules")).JsonAsync()).GetProperty("everywhere").GetProperty("require_reason").GetBoolean();
        Assert.False(await AsksAsync());
        await admin.PutAsync($"{team}/members/{person}", null);
        Assert.True(await AsksAsync());
        Assert.Equal("REASON_REQUIRED", await (await LaunchAsync(ada, null)).CodeAsync());
        await admin.DeleteAsync($"{team}/members/{person}");
        Assert.False(await AsksAsync());
        Assert.Equal(HttpStatusCode.Created, (await LaunchAsync(ada, null)).StatusCode);
    }

    [Fact]
    public async Task An_exception_lifts_a_demand_until_it_expires_and_then_everybody_is_told()
    {
        using var admin = await server.App.AdminAsync();
        var (ada, person) = await PersonAsync();
        await PolicyAsync(admin, person, new { require_reason = true });
        var body = new
        {
            name = $"exception-{Interlocked.Increment(ref number)}", kind = "exception", reason = "audit week", expires_at = DateTimeOffset.UtcNow.AddSeconds(3), apply_to = new { users = new[] { person } }, rules = new { require_reason = false },
        };
        var made = await admin.PostAsJsonAsync("/api/v1/dlp/policies", body);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var launched = await LaunchAsync(ada, null);
        Assert.Equal(HttpStatusCode.Created, launched.StatusCode);
        var session = (await launched.JsonAsync()).JsonString("id");
        var effective = await (await admin.GetAsync($"/api/v1/dlp/effective?session={session}")).JsonAsync();
        Assert.Equal(("audit week", body.name), (effective.GetProperty("exceptions")[0].JsonString("reason"), effective.GetProperty("launch").GetProperty("require_reason").GetProperty("by").JsonString("name")));
        while (DateTimeOffset.UtcNow < body.expires_at)
            await Task.Delay(100);
        Assert.Equal("REASON_REQUIRED", await (await LaunchAsync(ada, null)).CodeAsync());
        effective = await (await admin.GetAsync($"/api/v1/dlp/effective?session={session}")).JsonAsync();
        Assert.Equal(0, effective.GetProperty("exceptions").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"kind":"exception","rules":{"screenshot":true}}""", 400, "reason")]
    [InlineData("""{"kind":"exception","reason":"x","rules":{"screenshot":true}}""", 400, "expires_at")]
    [InlineData("""{"kind":"exception","reason":"x","expires_at":"2001-01-01T00:00:00Z","rules":{"screenshot":true}}""", 400, "expires_at")]
    [InlineData("""{"kind":"exception","reason":"x","expires_at":"SOON","rules":{"screenshot":false}}""", 400, "rules.screenshot")]
    [InlineData("""{"kind":"exception","reason":"x","expires_at":"SOON","rules":{"clipboard_in":{"allowed":false}}}""", 400, "rules.clipboard_in.allowed")]
    [InlineData("""{"kind":"exception","reason":"x","expires_at":"SOON","rules":{"printing":false}}""", 400, "rules.printing")]
    [InlineData("""{"kind":"exception","reason":"x","expires_at":"SOON","rules":{"audio":false}}""", 400, "rules.audio")]
    [InlineData("""{"rules":{"audio":true}}""", 422, "rules.audio")]
    [InlineData("""{"rules":{"microphone":true}}""", 422, "rules.microphone")]
    [InlineData("""{"apply_to":{"teams":["0190a0a0-0000-7000-8000-000000000000"]}}""", 400, "apply_to.teams[0]")]
    public async Task What_cannot_be_kept_is_refused_and_the_field_is_named(string patch, int status, string field)
    {
        using var admin = await server.App.AdminAsync();
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(patch.Replace("SOON", DateTimeOffset.UtcNow.AddHours(1).ToString("O"), StringComparison.Ordinal))!;
        body.TryAdd("name", JsonSerializer.SerializeToElement($"refused-{Interlocked.Increment(ref number)}"));
        body.TryAdd("apply_to", JsonSerializer.SerializeToElement(new { templates = new[] { "no-such-template" } }));
        body.TryAdd("rules", JsonSerializer.SerializeToElement(new { screenshot = false }));
        var answer = await admin.PostAsJsonAsync("/api/v1/dlp/policies", body);
        var error = (await answer.JsonAsync()).GetProperty("error");
        var details = error.GetProperty("details");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(field, details.TryGetProperty("errors", out var several) ? several.EnumerateArray().Select(e => e.JsonString("field")) : [details.JsonString("field")]);
        Assert.Equal(status == 422 ? "NOT_ENFORCEABLE" : "VALIDATION_ERROR", error.JsonString("code"));
    }

    private async Task<(HttpClient Client, Guid Id)> PersonAsync(params string[] roles)
    {
        var person = await Person.MakeAsync(server.App, $"launcher-{Interlocked.Increment(ref number)}", roles);
        return (server.App.ClientOf(person), person.Id.Value);
    }

    private static async Task<string> PolicyAsync(HttpClient admin, Guid person, object rules)
    {
        var answer = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = $"launch-{Interlocked.Increment(ref number)}", apply_to = new { users = new[] { person } }, rules });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private static Task<HttpResponseMessage> LaunchAsync(HttpClient person, string? reason) => person.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal", reason });

    private static Task<HttpResponseMessage> AskAsync(HttpClient person, string reason) => person.PostAsJsonAsync("/api/v1/launch-approvals", new { template = "terminal", reason });

    private static async Task<JsonElement> RulesAsync(HttpClient person) => await (await person.GetAsync("/api/v1/launch-rules")).JsonAsync();

    private static async Task<(HttpStatusCode, string?)> AnswerAsync(Task<HttpResponseMessage> answer) => ((await answer).StatusCode, await (await answer).CodeAsync());

    private async Task<ClientWebSocket> ListenAsync(HttpClient asWhom)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", asWhom.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri(new UriBuilder(server.App.Address) { Scheme = "ws" }.Uri, "/api/v1/ws/sessions"), ProtectedStream.Soon);
        return socket;
    }

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket, string type)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(length), ProtectedStream.Soon) is var part)
            {
                length += part.Count;
                if (part.EndOfMessage)
                    break;
            }

            var message = JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone();
            if (message.JsonString("type") == type)
                return message;
        }
    }
}
