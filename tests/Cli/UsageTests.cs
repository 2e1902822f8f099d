using System.Diagnostics;

namespace StreamSpace.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("session")]
    [InlineData("session", "wibble")]
    [InlineData("session", "create")]
    [InlineData("session", "list", "-o", "xml")]
    [InlineData("session", "create", "desktop", "--env", "=x")]
    [InlineData("completion", "tcsh")]
    [InlineData("serve", "--runtime", "cloud")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("whoami", "--server", "not an address")]
    [InlineData("whoami", "--server", "ftp://example.org")]
    public async Task A_line_that_is_not_understood_ends_with_code_2_and_says_what_to_do(params string[] line)
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync(line);

        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.NotEmpty(ran.Error);
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown()
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync();

        Assert.Equal(0, ran.Code);
        Assert.All(["serve", "login", "whoami", "template", "session", "image", "version", "completion", "migrate"], c => Assert.Contains("  " + c, ran.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_code_7_in_words()
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync("whoami", "--server", "http://127.0.0.1:9");

        Assert.Equal(7, ran.Code);
        Assert.Contains("Is the server running?", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_without_anybody_to_ask_says_how_to_give_the_password()
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync("login", "somebody");

        Assert.Equal(2, ran.Code);
        Assert.Contains("--password-stdin", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -F _streamspace streamspace")]
    [InlineData("zsh", "compdef _streamspace streamspace")]
    [InlineData("fish", "complete -c streamspace")]
    public async Task Completion_is_printed_for_each_shell(string shell, string expected)
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync("completion", shell);

        Assert.Equal(0, ran.Code);
        Assert.Contains(expected, ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_itself_completes_in_bash()
    {
        // The real program in a real shell: what a person gets after pressing Tab.
        const string script = """
            streamspace() { "$PROGRAM" "$@"; }
            source <(streamspace completion bash)
            COMP_LINE='streamspace session h' COMP_POINT=21 COMP_WORDS=(streamspace session h) COMP_CWORD=2
            _streamspace
            printf '%s' "${COMPREPLY[*]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "streamspace");
        using var bash = Process.Start(start)!;

        var found = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("hibernate", found);
    }

    [Fact]
    public async Task Its_own_version_needs_no_server()
    {
        using var cli = new CliRun();

        var ran = await cli.RunAsync("version", "--server", "http://127.0.0.1:9", "-o", "json");

        Assert.Equal(0, ran.Code);
        Assert.Matches("\"client\": \"\\d+\\.\\d+\\.\\d+\"", ran.Out);
    }
}
