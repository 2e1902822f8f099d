using System.Diagnostics;
using System.Globalization;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;

namespace StreamSpace.EndToEnd.Tests.Chaos;

/// <summary>Somebody types the start command twice.</summary>
public sealed class SecondServerTests
{
    [Fact]
    public async Task A_second_server_on_the_same_data_says_who_runs_and_leaves_the_first_alone()
    {
        await using var server = await ServerProcess.StartAsync();

        var (code, said) = await RunAsync("--port", Checkout.FreePort().ToString(CultureInfo.InvariantCulture), "--data", server.Data);

        Assert.Equal(1, code);
        Assert.Contains($"process {server.ProcessId}", said, StringComparison.Ordinal);
        Assert.Contains(server.Address.ToString().TrimEnd('/'), said, StringComparison.Ordinal);
        using var client = await server.LogInAsync(); // the first one's database is still there
    }

    [Fact]
    public async Task The_state_of_the_schema_can_be_looked_at_while_the_server_runs()
    {
        await using var server = await ServerProcess.StartAsync();

        var (code, said) = await RunAsync("migrate", "status", "--data", server.Data);

        Assert.True(code == 0, said);
        Assert.Contains("The database is up to date.", said, StringComparison.Ordinal);
        using var client = await server.LogInAsync();
    }

    [Fact]
    public async Task The_set_up_code_is_in_its_file_and_not_in_the_log_and_goes_when_it_is_used()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { WithAdmin = false });
        var code = server.SetupCode();
        Assert.DoesNotContain(code, server.Tail(), StringComparison.Ordinal);
        using var client = new StreamSpaceClient(server.Address);

        await client.Auth.SetUpAsync(new SetupRequest(code, ServerProcess.AdminName, ServerProcess.Password), CancellationToken.None);
        await server.StopAsync();
        await server.StartAgainAsync();

        Assert.False(File.Exists(Path.Combine(server.Data, "setup-code")));
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using var program = Process.Start(new ProcessStartInfo(Checkout.Server, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var said = await Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (program.ExitCode, string.Concat(said));
    }
}
