using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Contracts.Identity;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

[Trait("Category", "Slow")]
public sealed class SetUpTests
{
    [Fact]
    public async Task The_code_the_server_prints_makes_the_first_administrator_once()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        await using var replica = await TestApp.StartAsync(o => (o.WithAdmin, o.Database) = (false, app.Database));
        var code = await app.Services.GetRequiredService<ISetupCode>().FindAsync(default);
        Assert.NotNull(code);
        Assert.Equal(code, await replica.Services.GetRequiredService<ISetupCode>().FindAsync(default));

        var state = await (await app.Anonymous.GetAsync("/api/v1/auth/setup")).JsonAsync();
        Assert.True(state.GetProperty("needed").GetBoolean());
        var wrong = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/setup", new { code = "AAAA-AAAA-AAAA", username = "chief", password = TestApp.Password });
        Assert.Equal("SETUP_CODE_WRONG", await wrong.CodeAsync());

        var made = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/setup", new { code = code.ToLowerInvariant().Replace("-", " "), username = "Chief", password = TestApp.Password, email = "Chief@example.org" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var login = await made.JsonAsync();
        Assert.Equal("chief", login.GetProperty("user").GetProperty("username").GetString());
        Assert.Equal("admin", login.GetProperty("user").GetProperty("roles")[0].GetString());
        Assert.False(string.IsNullOrEmpty(login.GetProperty("access_token").GetString()));

        var again = await replica.Anonymous.PostAsJsonAsync("/api/v1/auth/setup", new { code, username = "thief", password = TestApp.Password });
        Assert.Equal("SETUP_DONE", await again.CodeAsync());
        Assert.Null(await replica.Services.GetRequiredService<ISetupCode>().FindAsync(default));
        Assert.False((await (await replica.Anonymous.GetAsync("/api/v1/auth/setup")).JsonAsync()).GetProperty("needed").GetBoolean());
    }

    [Fact]
    public async Task Ten_who_set_up_at_once_make_one_administrator()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var code = await app.Services.GetRequiredService<ISetupCode>().FindAsync(default);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => app.Anonymous.PostAsJsonAsync("/api/v1/auth/setup", new { code, username = $"chief{i}", password = TestApp.Password })));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        // Whoever came late did not make another code.
        await using var database = NpgsqlDataSource.Create(app.Database);
        await using var command = database.CreateCommand("select count(*) from identity.shared_secrets where name = 'setup-code'");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_code_is_not_readable_in_the_database()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var code = await app.Services.GetRequiredService<ISetupCode>().FindAsync(default);
        await using var database = NpgsqlDataSource.Create(app.Database);
        await using var command = database.CreateCommand("select string_agg(sealed, ' ') from identity.shared_secrets");
        var kept = (string)(await command.ExecuteScalarAsync())!;
        Assert.DoesNotContain(code!, kept);
        Assert.DoesNotContain(code!.Replace("-", ""), kept);
    }

    [Theory]
    [InlineData("password1234", "VALIDATION_ERROR")]
    [InlineData("short", "VALIDATION_ERROR")]
    public async Task A_weak_password_is_refused_and_leaves_the_set_up_open(string password, string expected)
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var code = await app.Services.GetRequiredService<ISetupCode>().FindAsync(default);
        var refused = await app.Anonymous.PostAsJsonAsync("/api/v1/auth/setup", new { code, username = "chief", password });
        Assert.Equal(expected, await refused.CodeAsync());
        Assert.Equal(code, await app.Services.GetRequiredService<ISetupCode>().FindAsync(default));
    }
}
