using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Teams;

[Collection(SharedServer.Name)]
public sealed class TeamTests(OneServer server)
{
    private static int number;

    [Fact]
    public async Task A_team_is_made_found_changed_and_deleted()
    {
        using var admin = await server.App.AdminAsync();
        var name = Name();
        var made = await admin.PostAsJsonAsync("/api/v1/teams", new { name = $"  {name} ", description = "from outside" });
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (made.StatusCode, made.Headers.ETag!.Tag));
        var path = made.Headers.Location!.ToString();
        var found = Assert.Single(await ListAsync(admin, $"search={name.ToUpperInvariant()}"));
        Assert.Equal((name, "from outside", 0), (found.JsonString("name"), found.JsonString("description"), found.GetProperty("members").GetInt32()));

        var renamed = await admin.PatchAsJsonAsync(path, new { description = "from far outside" });
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (renamed.StatusCode, renamed.Headers.ETag!.Tag));
        Assert.Equal("\"2\"", (await admin.PatchAsJsonAsync(path, new { name })).Headers.ETag!.Tag); // a change that changes nothing is none
        using var late = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { name = "late" }), Headers = { IfMatch = { new("\"1\"") } } };
        Assert.Equal("CHANGED_MEANWHILE", await (await admin.SendAsync(late)).CodeAsync());
        Assert.Equal("NAME_TAKEN", await (await admin.PostAsJsonAsync("/api/v1/teams", new { name = name.ToUpperInvariant() })).CodeAsync());

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
        Assert.Equal("TEAM_NOT_FOUND", await (await admin.GetAsync(path)).CodeAsync());
        Assert.Equal("TEAM_NOT_FOUND", await (await admin.DeleteAsync(path)).CodeAsync());
        Assert.Equal("TEAM_NOT_FOUND", await (await admin.GetAsync(path + "/members")).CodeAsync());
    }

    [Fact]
    public async Task People_come_and_go_and_said_twice_it_does_nothing()
    {
        using var admin = await server.App.AdminAsync();
        var path = await MakeAsync(admin);
        var (ada, bob) = (await Person.MakeAsync(server.App), await Person.MakeAsync(server.App));
        foreach (var person in new[] { ada, ada, bob })
            Assert.Equal(HttpStatusCode.NoContent, (await admin.PutAsync($"{path}/members/{person.Id}", null)).StatusCode);
        Assert.Equal("\"3\"", (await admin.GetAsync(path)).Headers.ETag!.Tag);
        var first = await (await admin.GetAsync($"{path}/members?limit=1")).JsonAsync();
        var second = await (await admin.GetAsync($"{path}/members?limit=1&cursor={first.JsonString("next_cursor")}")).JsonAsync();
        Assert.Equal([ada.Username, bob.Username], new[] { first, second }.Select(p => p.GetProperty("items")[0].JsonString("username")));
        Assert.Equal((2, null), (first.GetProperty("total").GetInt32(), second.GetProperty("next_cursor").GetString()));
        var mine = Assert.Single((await (await server.App.ClientOf(ada).GetAsync("/api/v1/teams/my-teams")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(2, mine.GetProperty("members").GetInt32());
        Assert.Single(await ListAsync(admin, $"member={ada.Id}"));

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"{path}/members/{ada.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"{path}/members/{ada.Id}")).StatusCode);
        Assert.Empty(await ListAsync(admin, $"member={ada.Id}"));
        Assert.Equal("USER_NOT_FOUND", await (await admin.PutAsync($"{path}/members/{Guid.CreateVersion7()}", null)).CodeAsync());
        Assert.Equal("TEAM_NOT_FOUND", await (await admin.PutAsync($"/api/v1/teams/{Guid.CreateVersion7()}/members/{bob.Id}", null)).CodeAsync());
    }

    [Fact]
    public async Task Twenty_at_once_lose_nobody()
    {
        using var admin = await server.App.AdminAsync();
        var path = await MakeAsync(admin);
        var people = new List<Person>();
        for (var i = 0; i < 20; i++)
            people.Add(await Person.MakeAsync(server.App));
        var answers = await Task.WhenAll(people.Select(p => admin.PutAsync($"{path}/members/{p.Id}", null)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.NoContent, a.StatusCode));
        Assert.Equal(20, (await (await admin.GetAsync(path)).JsonAsync()).GetProperty("members").GetInt32());
        Assert.Equal("\"21\"", (await admin.GetAsync(path)).Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Who_is_deleted_is_in_no_team()
    {
        using var admin = await server.App.AdminAsync();
        var path = await MakeAsync(admin);
        var person = await Person.MakeAsync(server.App);
        await admin.PutAsync($"{path}/members/{person.Id}", null);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/users/{person.Id}")).StatusCode);
        var patience = DateTime.UtcNow.AddSeconds(15);
        while ((await (await admin.GetAsync(path)).JsonAsync()).GetProperty("members").GetInt32() > 0)
        {
            Assert.True(DateTime.UtcNow < patience, "Somebody deleted is in a team still.");
            await Task.Delay(50);
        }

        Assert.Equal("USER_NOT_FOUND", await (await admin.PutAsync($"{path}/members/{person.Id}", null)).CodeAsync());
    }

    [Fact]
    public async Task A_team_that_a_policy_names_stays()
    {
        using var admin = await server.App.AdminAsync();
        var path = await MakeAsync(admin);
        var policy = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = Name(), apply_to = new { teams = new[] { path.Split('/')[^1] } }, rules = new { screenshot = false } });
        Assert.Equal(HttpStatusCode.Created, policy.StatusCode);
        var refused = await admin.DeleteAsync(path);
        var error = (await refused.JsonAsync()).GetProperty("error");
        Assert.Equal((HttpStatusCode.Conflict, "TEAM_IN_USE"), (refused.StatusCode, error.JsonString("code")));
        Assert.Contains("the data protection policy “", error.GetProperty("details").GetProperty("used_by")[0].GetString(), StringComparison.Ordinal);
        await admin.DeleteAsync(policy.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Team_administrators_manage_auditors_look_and_others_see_their_own_only()
    {
        using var admin = await server.App.AdminAsync();
        var path = await MakeAsync(admin);
        using var manager = await server.App.UserAsync(Name(), "team_admin");
        using var auditor = await server.App.UserAsync(Name(), "auditor");
        using var user = await server.App.UserAsync(Name(), "user");
        foreach (var (who, looks, manages) in new[] { (manager, true, true), (auditor, true, false), (user, false, false) })
        {
            Assert.Equal(looks ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await who.GetAsync(path)).StatusCode);
            Assert.Equal(looks ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await who.GetAsync(path + "/members")).StatusCode);
            Assert.Equal(manages ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await who.PatchAsJsonAsync(path, new { description = "mine" })).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await who.GetAsync("/api/v1/teams/my-teams")).StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"   "}""", "name")]
    [InlineData("""{"name":"two\nlines"}""", "name")]
    [InlineData("""{"name":"nul\u0000"}""", "name")]
    public async Task Bad_names_are_refused_and_the_field_is_named(string body, string field)
    {
        using var admin = await server.App.AdminAsync();
        foreach (var answer in new[] { await admin.PostAsync("/api/v1/teams", Json(body)), await admin.PatchAsync(await MakeAsync(admin), Json(body)) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(field, (await answer.JsonAsync()).GetProperty("error").GetProperty("details").JsonString("field"));
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/teams/not-an-id", 400)]
    [InlineData("GET", "/api/v1/teams?cursor=%00", 400)]
    [InlineData("GET", "/api/v1/teams?member=me", 400)]
    [InlineData("GET", "/api/v1/teams?search=%25_%5C", 200)]
    [InlineData("POST", "/api/v1/teams", 400)]
    public async Task Hostile_input_is_answered_clearly(string method, string address, int status)
    {
        using var admin = await server.App.AdminAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = method == "POST" ? Json("[]") : null };
        Assert.Equal(status, (int)(await admin.SendAsync(request)).StatusCode);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Name() => $"team-{Interlocked.Increment(ref number)}-{Environment.ProcessId}";

    private static async Task<string> MakeAsync(HttpClient admin)
    {
        var answer = await admin.PostAsJsonAsync("/api/v1/teams", new { name = Name() });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient client, string query) =>
        [.. (await (await client.GetAsync($"/api/v1/teams?{query}")).JsonAsync()).GetProperty("items").EnumerateArray()];
}
