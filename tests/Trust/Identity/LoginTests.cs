using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

[Collection(SharedServer.Name)]
public sealed class LoginTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public async Task Who_logs_in_with_the_password_is_known_by_the_token()
    {
        using (await app.UserAsync("login-ada"))
        {
        }

        using var client = await app.LoginAsync("login-ada");
        var me = await (await client.GetAsync("/api/v1/auth/me")).JsonAsync();
        Assert.Equal("login-ada", me.GetProperty("user").GetProperty("username").GetString());
        Assert.Equal("active", me.GetProperty("user").GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, me.GetProperty("csrf_token").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, me.GetProperty("login_id").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, me.GetProperty("user").GetProperty("last_login_at").ValueKind);
    }

    [Fact]
    public async Task The_name_may_be_the_address_and_its_case_does_not_matter()
    {
        using var admin = await app.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/users", new { username = "Login-Mail", password = TestApp.Password, email = "Login.Mail@Example.org" })).EnsureSuccessStatusCode();
        foreach (var username in new[] { "LOGIN-MAIL", "login.mail@example.ORG" })
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username, password = TestApp.Password })).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer()
    {
        using var client = await app.UserAsync("login-bob");
        var wrong = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "login-bob", password = "not the password" });
        var unknown = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "login-nobody", password = "not the password" });
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        static string Without(JsonElement e) => string.Join('|', e.EnumerateObject().Where(p => p.Name != "trace_id").Select(p => p.ToString()));
        Assert.Equal(Without(await wrong.JsonAsync()), Without(await unknown.JsonAsync()));
        Assert.Equal(wrong.Headers.Select(h => h.Key).Order(), unknown.Headers.Select(h => h.Key).Order());
    }

    [Fact]
    public async Task Guessing_is_slowed_down_for_known_and_unknown_names_alike_and_an_administrator_can_lift_it()
    {
        using var client = await app.UserAsync("login-carl");
        foreach (var username in new[] { "login-carl", "login-carl-who-is-not" })
        {
            for (var i = 0; i < 5; i++)
                Assert.Equal("INVALID_CREDENTIALS", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username, password = "wrong" })).CodeAsync());
            var slowed = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username, password = TestApp.Password });
            Assert.Equal((HttpStatusCode)429, slowed.StatusCode);
            Assert.InRange(slowed.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        }

        using var admin = await app.AdminAsync();
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync($"/api/v1/users/{await client.IdAsync()}/unlock", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "login-carl", password = TestApp.Password })).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_works_once_and_its_theft_ends_the_login()
    {
        using var client = await app.UserAsync("login-dora");
        var first = await LoginAsync("login-dora");
        var second = await RefreshAsync(first.GetProperty("refresh_token").GetString()!);
        var third = await RefreshAsync(second.JsonString("refresh_token"));
        Assert.NotEqual(second.JsonString("refresh_token"), third.JsonString("refresh_token"));

        // The thief comes with the first token, which two others have followed already: no grace for that one.
        var stolen = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = first.JsonString("refresh_token") });
        Assert.Equal("REFRESH_INVALID", await stolen.CodeAsync());
        var owner = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = third.JsonString("refresh_token") });
        Assert.Equal("LOGIN_ENDED", await owner.CodeAsync());
        Assert.Equal("LOGIN_ENDED", await (await GetMeAsync(third.JsonString("access_token"))).CodeAsync());
    }

    [Fact]
    public async Task Two_tabs_that_refresh_at_once_get_the_same_successor_and_stay_logged_in()
    {
        using var client = await app.UserAsync("login-two-tabs");
        var token = (await LoginAsync("login-two-tabs")).JsonString("refresh_token");
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = token })));
        Assert.All(both, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var successors = await Task.WhenAll(both.Select(async a => (await a.JsonAsync()).JsonString("refresh_token")));
        Assert.Single(successors.Distinct());
        Assert.NotNull((await RefreshAsync(successors[0])).JsonString("access_token"));
    }

    [Fact]
    public async Task A_token_used_again_after_the_grace_ends_the_login()
    {
        await using var strict = await TestApp.StartAsync(o => o.Settings["Identity:RefreshGrace"] = "00:00:00");
        var login = await (await strict.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = TestApp.AdminName, password = TestApp.Password })).JsonAsync();
        var body = new { refresh_token = login.JsonString("refresh_token") };
        Assert.Equal(HttpStatusCode.OK, (await strict.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", body)).StatusCode);
        Assert.Equal("REFRESH_INVALID", await (await strict.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", body)).CodeAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me") { Headers = { Authorization = new("Bearer", login.JsonString("access_token")) } };
        Assert.Equal("LOGIN_ENDED", await (await strict.Anonymous.SendAsync(request)).CodeAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssr_nothing")]
    [InlineData("' or 1=1 --")]
    public async Task A_refresh_token_that_never_was_is_refused(string token) =>
        Assert.Equal("REFRESH_INVALID", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = token })).CodeAsync());

    [Fact]
    public async Task Logging_out_ends_the_token_at_once_and_only_that_login()
    {
        using var client = await app.UserAsync("login-erik");
        using var other = await app.LoginAsync("login-erik");
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/api/v1/auth/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task My_logins_show_where_I_am_and_end_one_or_all()
    {
        using var phone = await app.UserAsync("login-fay");
        using var laptop = new Browser(app);
        await laptop.LoginAsync("login-fay");
        var seen = (await (await phone.GetAsync("/api/v1/auth/logins")).JsonAsync()).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, seen.Count);
        Assert.Single(seen, l => l.GetProperty("current").GetBoolean());
        var there = Assert.Single(seen, l => l.JsonString("device") == "Firefox on Linux");

        Assert.Equal(HttpStatusCode.NoContent, (await phone.DeleteAsync($"/api/v1/auth/logins/{there.JsonString("id")}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await laptop.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal("LOGIN_NOT_FOUND", await (await phone.DeleteAsync($"/api/v1/auth/logins/{there.JsonString("id")}")).CodeAsync());

        using var third = await app.LoginAsync("login-fay");
        Assert.Equal(HttpStatusCode.NoContent, (await phone.PostAsync("/api/v1/auth/logout-all", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await third.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await phone.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task Nobody_ends_the_login_of_somebody_else()
    {
        using var mine = await app.UserAsync("login-gus");
        using var foreign = await app.UserAsync("login-hal");
        var id = (await (await mine.GetAsync("/api/v1/auth/me")).JsonAsync()).JsonString("login_id");
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.DeleteAsync($"/api/v1/auth/logins/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_login_but_not_the_one_that_changed_it()
    {
        using var mine = await app.UserAsync("login-ida");
        using var other = await app.LoginAsync("login-ida");
        const string changed = "velvet-Anchor-33-moss";
        Assert.Equal("VALIDATION_ERROR", await (await mine.PostAsJsonAsync("/api/v1/auth/password", new { current_password = "wrong", new_password = changed })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await mine.PostAsJsonAsync("/api/v1/auth/password", new { current_password = TestApp.Password, new_password = "login-ida-1" })).CodeAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await mine.PostAsJsonAsync("/api/v1/auth/password", new { current_password = TestApp.Password, new_password = changed })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal("INVALID_CREDENTIALS", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "login-ida", password = TestApp.Password })).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "login-ida", password = changed })).StatusCode);
    }

    [Fact]
    public async Task Over_long_and_odd_input_is_refused_and_breaks_nothing()
    {
        foreach (var body in new object[]
        {
            new { username = new string('a', 100_000), password = "x" },
            new { username = "a", password = new string('x', 1_000_000) },
            new { username = "a\0b", password = "x\0y" },
            new { username = "a", password = "x", admin = true },
            new { username = 5, password = "x" },
            new { password = "x" },
        })
        {
            var answer = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", body);
            Assert.InRange((int)answer.StatusCode, 400, 401);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }

        using var huge = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", new string('A', 20_000)) } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous.SendAsync(huge)).StatusCode);
    }

    private async Task<JsonElement> LoginAsync(string username) =>
        await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username, password = TestApp.Password })).JsonAsync();

    private async Task<JsonElement> RefreshAsync(string token)
    {
        var answer = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = token });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private Task<HttpResponseMessage> GetMeAsync(string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me") { Headers = { Authorization = new("Bearer", token) } };
        return app.Anonymous.SendAsync(request);
    }
}
