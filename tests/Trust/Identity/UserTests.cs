using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

[Collection(SharedServer.Name)]
public sealed class UserTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public async Task A_temporary_password_is_shown_once_and_opens_nothing_but_its_own_change()
    {
        using var admin = await app.AdminAsync();
        var made = await admin.PostAsJsonAsync("/api/v1/users", new { username = "user-ann", roles = new[] { "operator" } });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var body = await made.JsonAsync();
        var temporary = body.JsonString("temporary_password");
        Assert.Equal(made.Headers.Location!.ToString(), $"/api/v1/users/{body.GetProperty("user").JsonString("id")}");
        Assert.DoesNotContain(temporary, await (await admin.GetAsync(made.Headers.Location)).Content.ReadAsStringAsync());

        var login = await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-ann", password = temporary })).JsonAsync();
        Assert.True(login.GetProperty("user").GetProperty("must_change_password").GetBoolean());
        using var ann = app.NewClient();
        ann.DefaultRequestHeaders.Authorization = new("Bearer", login.JsonString("access_token"));
        Assert.Equal("PASSWORD_CHANGE_REQUIRED", await (await ann.GetAsync("/api/v1/users")).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await ann.PostAsJsonAsync("/api/v1/auth/password", new { current_password = temporary, new_password = TestApp.Password })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/api/v1/users")).StatusCode);
    }

    [Fact]
    public async Task A_secret_answer_is_not_kept_for_a_repeated_key()
    {
        using var admin = await app.AdminAsync();
        async Task<HttpResponseMessage> CreateAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/users") { Content = JsonContent.Create(new { username = "user-idem" }) };
            request.Headers.Add("Idempotency-Key", "make-user-idem");
            return await admin.SendAsync(request);
        }

        var temporary = (await (await CreateAsync()).JsonAsync()).JsonString("temporary_password");
        var again = await CreateAsync();
        Assert.Equal("USERNAME_TAKEN", await again.CodeAsync());
        await using var database = Npgsql.NpgsqlDataSource.Create(app.Database);
        await using var command = database.CreateCommand("select count(*) from kernel.idempotency_keys where convert_from(body, 'UTF8') like '%' || $1 || '%'");
        command.Parameters.Add(new() { Value = temporary });
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Names_and_addresses_are_unique_and_well_formed()
    {
        using var admin = await app.AdminAsync();
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsJsonAsync("/api/v1/users", new { username = "user-bea", password = TestApp.Password, email = "bea@example.org" })).StatusCode);
        Assert.Equal("USERNAME_TAKEN", await (await admin.PostAsJsonAsync("/api/v1/users", new { username = "USER-Bea", password = TestApp.Password })).CodeAsync());
        Assert.Equal("EMAIL_TAKEN", await (await admin.PostAsJsonAsync("/api/v1/users", new { username = "user-bea2", password = TestApp.Password, email = "BEA@example.org" })).CodeAsync());
        foreach (var username in new[] { "", " ", "-x", "x-", "a b", "a/b", "../etc", "ü", "a\nb", new string('x', 64) })
            Assert.Equal("VALIDATION_ERROR", await (await admin.PostAsJsonAsync("/api/v1/users", new { username, password = TestApp.Password })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await admin.PostAsJsonAsync("/api/v1/users", new { username = "user-bea3", password = TestApp.Password, roles = new[] { "emperor" } })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await admin.PostAsJsonAsync("/api/v1/users", new { username = "user-bea3", password = TestApp.Password, time_zone = "Moon/Crater" })).CodeAsync());
    }

    [Fact]
    public async Task Two_administrators_who_edit_the_same_account_do_not_overwrite_each_other()
    {
        using var admin = await app.AdminAsync();
        using var user = await app.UserAsync("user-cid");
        var path = $"/api/v1/users/{await user.IdAsync()}";
        var tag = (await admin.GetAsync(path)).Headers.ETag!;
        async Task<HttpResponseMessage> PatchAsync(object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) };
            request.Headers.IfMatch.Add(tag);
            return await admin.SendAsync(request);
        }

        var first = await PatchAsync(new { display_name = "Cid the First" });
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(tag, first.Headers.ETag);
        Assert.Equal("CHANGED_MEANWHILE", await (await PatchAsync(new { display_name = "Cid the Second" })).CodeAsync());
        Assert.Equal("Cid the First", (await (await admin.GetAsync(path)).JsonAsync()).JsonString("display_name"));
    }

    [Fact]
    public async Task Locking_cuts_the_person_off_at_once_and_unlocking_lets_them_in_again()
    {
        using var admin = await app.AdminAsync();
        using var user = await app.UserAsync("user-dan");
        var path = $"/api/v1/users/{await user.IdAsync()}";
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsJsonAsync(path + "/lock", new { reason = "left the company" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal("ACCOUNT_LOCKED", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-dan", password = TestApp.Password })).CodeAsync());
        Assert.Equal("INVALID_CREDENTIALS", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-dan", password = "not this one" })).CodeAsync());
        Assert.Equal("ALREADY_LOCKED", await (await admin.PostAsync(path + "/lock", null)).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync(path + "/unlock", null)).StatusCode);
        using var back = await app.LoginAsync("user-dan");
        Assert.Equal(HttpStatusCode.OK, (await back.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task Forced_logout_reset_and_deletion_act_at_once()
    {
        using var admin = await app.AdminAsync();
        using var user = await app.UserAsync("user-eve");
        var path = $"/api/v1/users/{await user.IdAsync()}";
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsync(path + "/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.GetAsync("/api/v1/auth/me")).StatusCode);

        using var again = await app.LoginAsync("user-eve");
        var temporary = (await (await admin.PostAsync(path + "/reset-password", null)).JsonAsync()).JsonString("temporary_password");
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Equal("INVALID_CREDENTIALS", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-eve", password = TestApp.Password })).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-eve", password = temporary })).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
        Assert.Equal("USER_NOT_FOUND", await (await admin.GetAsync(path)).CodeAsync());
        Assert.Equal("INVALID_CREDENTIALS", await (await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "user-eve", password = temporary })).CodeAsync());
        using var namesake = await app.UserAsync("user-eve");
        Assert.NotEqual(path, $"/api/v1/users/{await namesake.IdAsync()}");
    }

    [Fact]
    public async Task Role_changes_act_on_the_next_request_of_a_running_login()
    {
        using var admin = await app.AdminAsync();
        using var user = await app.UserAsync("user-fay");
        Assert.Equal("NOT_ALLOWED", await (await user.GetAsync("/api/v1/users")).CodeAsync());
        var path = $"/api/v1/users/{await user.IdAsync()}";
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync(path, new { roles = new[] { "auditor" } })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/api/v1/users")).StatusCode);
        Assert.Equal("NOT_ALLOWED", await (await user.PatchAsJsonAsync(path, new { roles = new[] { "admin" } })).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync(path, new { roles = new[] { "read_only" } })).StatusCode);
        Assert.Equal("NOT_ALLOWED", await (await user.GetAsync("/api/v1/users")).CodeAsync());
    }

    [Fact]
    public async Task An_administrator_neither_removes_themself_nor_the_last_one()
    {
        await using var own = await TestApp.StartAsync();
        using var admin = await own.AdminAsync();
        var path = $"/api/v1/users/{await admin.IdAsync()}";
        Assert.Equal("NOT_YOURSELF", await (await admin.DeleteAsync(path)).CodeAsync());
        Assert.Equal("NOT_YOURSELF", await (await admin.PostAsync(path + "/lock", null)).CodeAsync());
        Assert.Equal("NOT_YOURSELF", await (await admin.PatchAsJsonAsync(path, new { roles = new[] { "user" } })).CodeAsync());

        // Two administrators who demote each other in the same moment: one of them stays.
        using var second = await own.UserAsync("second", "admin");
        var other = $"/api/v1/users/{await second.IdAsync()}";
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(admin.PatchAsJsonAsync(other, new { roles = new[] { "user" } }), second.PatchAsJsonAsync(path, new { roles = new[] { "user" } }));
            Assert.Equal(1, answers.Count(a => a.IsSuccessStatusCode));
            var (winner, loser) = answers[0].IsSuccessStatusCode ? (admin, other) : (second, path);
            Assert.Equal(HttpStatusCode.OK, (await winner.PatchAsJsonAsync(loser, new { roles = new[] { "admin" } })).StatusCode);
        }
    }

    [Fact]
    public async Task The_list_is_searched_filtered_sorted_and_paged()
    {
        await using var own = await TestApp.StartAsync();
        using var admin = await own.AdminAsync();
        for (var i = 0; i < 7; i++)
            (await admin.PostAsJsonAsync("/api/v1/users", new { username = $"page-{i}", password = TestApp.Password, display_name = i == 3 ? "100%_real" : null, roles = i == 5 ? new[] { "auditor" } : null })).EnsureSuccessStatusCode();
        foreach (var (sort, expected) in new[] { ("username", "admin page-0 page-1 page-2 page-3 page-4 page-5 page-6"), ("-created_at", "page-6 page-5 page-4 page-3 page-2 page-1 page-0 admin"), ("-username", "page-6 page-5 page-4 page-3 page-2 page-1 page-0 admin"), ("created_at", "admin page-0 page-1 page-2 page-3 page-4 page-5 page-6") })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await (await admin.GetAsync($"/api/v1/users?limit=3&sort={sort}&cursor={cursor}")).JsonAsync();
                Assert.Equal(8, page.GetProperty("total").GetInt64());
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.JsonString("username")));
                cursor = page.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            Assert.Equal(expected, string.Join(' ', seen));
        }

        async Task<string> NamesAsync(string query) => string.Join(' ', (await (await admin.GetAsync("/api/v1/users?" + query)).JsonAsync()).GetProperty("items").EnumerateArray().Select(u => u.JsonString("username")));
        Assert.Equal("page-3", await NamesAsync("search=100%25_"));
        Assert.Equal("page-5", await NamesAsync("role=auditor"));
        Assert.Equal("", await NamesAsync("state=locked"));
        Assert.Equal("", await NamesAsync("search=%27;drop%20table%20users--"));
        foreach (var wrong in new[] { "limit=0", "limit=201", "limit=x", "cursor=!!", "cursor=AAAA", "sort=password_hash", "state=asleep", "search=%00", "state=%00" })
            Assert.Equal("VALIDATION_ERROR", await (await admin.GetAsync("/api/v1/users?" + wrong)).CodeAsync());
    }

    [Fact]
    public async Task I_change_my_own_name_and_preferences_but_not_my_roles()
    {
        using var user = await app.UserAsync("user-gil");
        Assert.Equal("Gil", (await (await user.PatchAsJsonAsync("/api/v1/me", new { display_name = "Gil", locale = "de", time_zone = "Europe/Berlin" })).JsonAsync()).JsonString("display_name"));
        Assert.Equal("VALIDATION_ERROR", await (await user.PatchAsJsonAsync("/api/v1/me", new { roles = new[] { "admin" } })).CodeAsync());

        Assert.Equal(JsonValueKind.Null, (await (await user.GetAsync("/api/v1/me/preferences")).JsonAsync()).GetProperty("theme").ValueKind);
        await user.PatchAsJsonAsync("/api/v1/me/preferences", new { theme = "dark", ui = new { sidebar = "narrow", pins = new[] { 1, 2 } } });
        var kept = await (await user.PatchAsJsonAsync("/api/v1/me/preferences", new { language = "de", ui = new { pins = (object?)null, tour = true } })).JsonAsync();
        Assert.Equal(("dark", "de"), (kept.JsonString("theme"), kept.JsonString("language")));
        Assert.Equal("""{"tour":true,"sidebar":"narrow"}""".Length, kept.GetProperty("ui").GetRawText().Replace(" ", "").Length);
        Assert.Equal(JsonValueKind.Null, (await (await user.PatchAsJsonAsync("/api/v1/me/preferences", new { language = "" })).JsonAsync()).GetProperty("language").ValueKind);
        Assert.Equal("VALIDATION_ERROR", await (await user.PatchAsJsonAsync("/api/v1/me/preferences", new { theme = "pink" })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await user.PatchAsJsonAsync("/api/v1/me/preferences", new { ui = new { big = new string('x', 9000) } })).CodeAsync());
    }
}
