using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;

namespace StreamSpace.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class ShareTests
{
    [Fact]
    public async Task A_session_is_shared_shown_and_unshared_by_name_and_a_guest_leaves_by_id()
    {
        await using var app = await TestApp.StartAsync(o => o.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime()));
        using var bob = await app.UserAsync("bob");
        using var cli = new CliRun(app);
        await cli.LogInAsync();
        var made = await cli.RunAsync("session", "create", "terminal", "--name", "desk", "-o", "json");
        Assert.Equal(0, made.Code);
        var id = JsonDocument.Parse(made.Out).RootElement.GetProperty("id").GetString()!;

        Assert.Contains("Shared with nobody.", (await cli.RunAsync("session", "shares", "desk")).Error, StringComparison.Ordinal);
        var given = await cli.RunAsync("session", "share", "desk", "bob", "--level", "editor", "--for", "2h", "--note", "have a look");
        Assert.Equal((0, ""), (given.Code, given.Error));
        Assert.Contains("Shared with bob at level collaborate, until ", given.Out, StringComparison.Ordinal);
        var listed = await cli.RunAsync("session", "shares", "desk");
        Assert.Contains("bob", listed.Out, StringComparison.Ordinal);
        Assert.Contains("have a look", listed.Out, StringComparison.Ordinal);

        Assert.Equal(2, (await cli.RunAsync("session", "share", "desk", "bob", "--level", "owner")).Code);
        Assert.Equal(4, (await cli.RunAsync("session", "share", "desk", "nobody")).Code);
        Assert.Equal(5, (await cli.RunAsync("session", "share", "desk", "bob", "--for", "90d")).Code);
        Assert.Equal(6, (await cli.RunAsync("session", "share", "desk", TestApp.AdminName)).Code);
        Assert.Equal(4, (await cli.RunAsync("session", "unshare", "desk", "nobody")).Code);

        Assert.Equal((0, "No longer shared with bob.\n"), await EndAsync(cli, "desk", "Bob"));
        Assert.Equal(0, (await cli.RunAsync("session", "share", "desk", "bob")).Code);
        using var his = new CliRun(app);
        await his.LogInAsync("bob");
        Assert.Equal((0, "No longer shared with bob.\n"), await EndAsync(his, id, "bob"));
        Assert.Equal(4, (await his.RunAsync("session", "show", id)).Code);
    }

    private static async Task<(int, string)> EndAsync(CliRun cli, string session, string person)
    {
        var ran = await cli.RunAsync("session", "unshare", session, person);
        return (ran.Code, ran.Out);
    }
}
