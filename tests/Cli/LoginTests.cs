using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Cli.Tests;

public sealed class LoginTests(CliServer server) : IClassFixture<CliServer>
{
    [Fact]
    public async Task Login_keeps_the_tokens_in_a_file_for_its_owner_alone()
    {
        using var cli = new CliRun(server.App);

        var ran = await cli.RunAsync(TestApp.Password + "\n", ["login", "admin", "--password-stdin"]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("as admin", ran.Out, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(cli.LoginFile));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.GetDirectoryName(cli.LoginFile)!));
    }

    [Fact]
    public async Task The_last_login_names_the_server_for_what_follows()
    {
        using var cli = new CliRun(server.App);
        await cli.LogInAsync();
        cli.Environment.Remove("STREAMSPACE_SERVER");

        var ran = await cli.RunAsync("whoami");

        Assert.Equal(0, ran.Code);
        Assert.Contains("Username:     admin", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_ends_with_code_3_and_keeps_nothing()
    {
        using var cli = new CliRun(server.App);

        var ran = await cli.RunAsync("not the password\n", ["login", "admin", "--password-stdin"]);

        Assert.Equal(3, ran.Code);
        Assert.NotEmpty(ran.Error);
        Assert.False(File.Exists(cli.LoginFile));
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_not_used()
    {
        using var cli = new CliRun(server.App);
        await cli.LogInAsync();
        File.SetUnixFileMode(cli.LoginFile, (UnixFileMode)0b110_100_100);

        var ran = await cli.RunAsync("whoami");

        Assert.Equal(3, ran.Code);
        Assert.Contains("chmod 600", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_login_the_way_to_one_is_told()
    {
        using var cli = new CliRun(server.App);

        var ran = await cli.RunAsync("whoami");

        Assert.Equal(3, ran.Code);
        Assert.Contains("streamspace login", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_environment_needs_no_file()
    {
        using var cli = new CliRun(server.App);
        using var admin = await server.App.AdminAsync();
        cli.Environment["STREAMSPACE_TOKEN"] = admin.DefaultRequestHeaders.Authorization!.Parameter!;

        var ran = await cli.RunAsync("whoami", "-o", "json");

        Assert.Equal(0, ran.Code);
        using var json = JsonDocument.Parse(ran.Out);
        Assert.Equal("admin", json.RootElement.GetProperty("user").GetProperty("username").GetString());
        Assert.False(File.Exists(cli.LoginFile));
    }

    [Fact]
    public async Task An_ended_access_token_is_renewed_once_even_when_many_programs_notice_together()
    {
        using var cli = new CliRun(server.App);
        await cli.LogInAsync();
        await ExpireAsync(cli);

        var ran = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cli.RunAsync("whoami")));

        Assert.All(ran, r => Assert.Equal((0, ""), (r.Code, r.Error)));
        Assert.Equal(0, (await cli.RunAsync("whoami")).Code); // and the login's family was not ended by a reused token
    }

    [Fact]
    public async Task Logout_ends_the_login_and_forgets_it()
    {
        using var cli = new CliRun(server.App);
        await cli.LogInAsync();
        var kept = await File.ReadAllTextAsync(cli.LoginFile);

        Assert.Equal(0, (await cli.RunAsync("logout")).Code);
        Assert.Equal(3, (await cli.RunAsync("whoami")).Code);

        await File.WriteAllTextAsync(cli.LoginFile, kept);
        Assert.Equal(3, (await cli.RunAsync("whoami")).Code); // the server has forgotten it too
    }

    private static async Task ExpireAsync(CliRun cli)
    {
        var text = await File.ReadAllTextAsync(cli.LoginFile);
        var json = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        foreach (var (_, login) in json["servers"]!.AsObject())
        {
            login!["tokens"]!["expires_at"] = "2001-01-01T00:00:00Z";
            login["tokens"]!["access"] = "ended";
        }

        await File.WriteAllTextAsync(cli.LoginFile, json.ToJsonString());
    }
}

/// <summary>One server for a class of tests.</summary>
public sealed class CliServer : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await TestApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
