using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Audit;

public sealed class AuditTests
{
    [Fact]
    public async Task Every_write_stands_in_the_audit_with_who_what_where_and_the_change()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/users", new { username = "audit-ann", password = TestApp.Password })).EnsureSuccessStatusCode();
        using var user = await app.LoginAsync("audit-ann");
        var id = await user.IdAsync();
        (await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new { roles = new[] { "operator" } })).EnsureSuccessStatusCode();
        await app.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "audit-ann", password = "wrong" });
        await user.DeleteAsync($"/api/v1/users/{id}");

        var found = await SearchAsync(admin, $"resource=user:{id}");
        Assert.Equal(["user.login", "user.updated", "user.login", "user.created"], found.Select(e => e.JsonString("action")));
        var changed = found[1];
        Assert.Equal("admin", changed.GetProperty("actor").JsonString("username"));
        Assert.Equal(("ok", "127.0.0.1"), (changed.JsonString("result"), changed.JsonString("address")));
        var change = Assert.Single(changed.GetProperty("changes").EnumerateArray());
        Assert.Equal(("roles", "user", "operator"), (change.JsonString("field"), change.JsonString("before"), change.JsonString("after")));
        Assert.Equal(("denied", 401, "audit-ann"), (found[0].JsonString("result"), found[0].GetProperty("status").GetInt32(), found[0].GetProperty("actor").JsonString("username")));
        Assert.False(string.IsNullOrEmpty(changed.JsonString("trace_id")));

        var denied = Assert.Single(await SearchAsync(admin, "action=access.denied"));
        Assert.Equal(("audit-ann", "denied", $"DELETE /api/v1/users/{id}"), (denied.GetProperty("actor").JsonString("username"), denied.JsonString("result"), denied.JsonString("resource")));
        Assert.DoesNotContain(TestApp.Password, await (await admin.GetAsync("/api/v1/audit/export?format=json")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("bug", 500)]
    [InlineData("conflict", 409)]
    [InlineData("slow", 503)]
    public async Task A_write_that_throws_stands_in_the_audit_as_failed_with_its_trace_id(string how, int status)
    {
        await using var app = await TestApp.StartAsync(o =>
        {
            if (how == "slow")
                o.Settings["Http:Timeout"] = "00:00:03";
            o.Routes = api => api.MapPost("/thing/{how}", async (string how, AuditScope audit, CancellationToken ct) =>
            {
                audit.Resource = "thing:7";
                audit.Changed("size", 1, 2);
                if (how == "slow")
                    await Task.Delay(Timeout.Infinite, ct);
                throw how == "conflict" ? new Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException() : new InvalidOperationException("a bug");
            }).NeedsLogin().Audited("thing.changed");
        });
        using var admin = await app.AdminAsync();
        var answer = await admin.PostAsync("/api/v1/thing/" + how, null);
        Assert.Equal(status, (int)answer.StatusCode);

        var entry = Assert.Single(await SearchAsync(admin, "action=thing.changed"));
        Assert.Equal(("failed", status, "thing:7", "admin"), (entry.JsonString("result"), entry.GetProperty("status").GetInt32(), entry.JsonString("resource"), entry.GetProperty("actor").JsonString("username")));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), entry.JsonString("trace_id"));
        Assert.Equal("size", Assert.Single(entry.GetProperty("changes").EnumerateArray()).JsonString("field"));
    }

    [Fact]
    public async Task The_audit_is_searched_by_actor_action_result_time_and_text_and_paged()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.AdminAsync();
        var trail = app.Services.GetRequiredService<IAuditTrail>();
        var bea = UserId.New();
        for (var i = 0; i < 25; i++)
            await trail.WriteAsync(new($"thing.done_{i % 5}", i % 2 == 0 ? bea : null, i % 2 == 0 ? "bea" : "worker", $"thing:{i}", i % 3 == 0 ? "denied" : "ok", 200, null, null, null, [new("size", "1", $"{i}_100%")]), default);
        Assert.Equal(13, (await SearchAsync(admin, "actor=bea")).Count);
        Assert.Equal(13, (await SearchAsync(admin, $"actor={bea}")).Count);
        Assert.Equal(5, (await SearchAsync(admin, "action=thing.done_3")).Count);
        Assert.Equal(25, (await SearchAsync(admin, "action=thing.*")).Count);
        Assert.Equal(9, (await SearchAsync(admin, "action=thing.*&result=denied")).Count);
        Assert.Equal("thing:7", Assert.Single(await SearchAsync(admin, "text=7_100%25&action=thing.*&actor=worker&resource=thing:7")).JsonString("resource"));
        Assert.Empty(await SearchAsync(admin, "action=thing.*&to=2001-01-01T00:00:00Z"));
        Assert.Equal(25, (await SearchAsync(admin, "action=thing.*&from=2001-01-01T00:00:00%2B02:00")).Count);
        Assert.Equal(13, (await (await admin.GetAsync($"/api/v1/audit/users/{bea}")).JsonAsync()).GetProperty("items").GetArrayLength());

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await (await admin.GetAsync($"/api/v1/audit?action=thing.*&limit=10&cursor={cursor}")).JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);

        var stats = await (await admin.GetAsync("/api/v1/audit/stats?action=thing.*")).JsonAsync();
        Assert.Equal(25, stats.GetProperty("total").GetInt64());
        Assert.Equal(5, stats.GetProperty("by_action").GetArrayLength());
        Assert.Equal("bea", stats.GetProperty("by_actor")[0].JsonString("name"));
        foreach (var wrong in new[] { "result=maybe", "cursor=x", "from=yesterday", "limit=9999" })
            Assert.Equal("VALIDATION_ERROR", await (await admin.GetAsync("/api/v1/audit?" + wrong)).CodeAsync());
    }

    [Fact]
    public async Task The_export_is_read_by_a_spreadsheet_and_by_a_program()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.AdminAsync();
        var trail = app.Services.GetRequiredService<IAuditTrail>();
        await trail.WriteAsync(new("sheet.tested", null, "=HYPERLINK(\"http://evil\")", "a,\"b\"\nc", "ok", 0, null, "@agent", null, []), default);
        var csv = await (await admin.GetAsync("/api/v1/audit/export?format=csv&action=sheet.tested")).Content.ReadAsStringAsync();
        Assert.StartsWith("id,time,action,", csv);
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil\"\")\"", csv);
        Assert.Contains("\"a,\"\"b\"\"\nc\"", csv);
        Assert.Contains("'@agent", csv);
        var answer = await admin.GetAsync("/api/v1/audit/export?format=json&action=sheet.tested");
        Assert.Contains("attachment", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("sheet.tested", Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray()).JsonString("action"));
        Assert.Equal(2, (await SearchAsync(admin, "action=audit.exported&result=ok")).Count);
    }

    private static async Task<List<JsonElement>> SearchAsync(HttpClient client, string query)
    {
        var answer = await client.GetAsync("/api/v1/audit?limit=200&" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.JsonAsync()).GetProperty("items").EnumerateArray()];
    }
}
