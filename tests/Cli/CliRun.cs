using StreamSpace.Testing;

namespace StreamSpace.Cli.Tests;

/// <summary>What one run of the program left behind.</summary>
internal sealed record Ran(int Code, string Out, string Error);

/// <summary>Runs the program inside the test's process, with an environment and a configuration directory of its own.</summary>
internal sealed class CliRun : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("sst-cli-");

    public CliRun(TestApp? app = null)
    {
        Environment["XDG_CONFIG_HOME"] = home.FullName;
        if (app is not null)
            Environment["STREAMSPACE_SERVER"] = app.Address.AbsoluteUri;
    }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string LoginFile => Path.Combine(home.FullName, "streamspace", "logins.json");

    public Task<Ran> RunAsync(params string[] args) => RunAsync("", args);

    public async Task<Ran> RunAsync(string input, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var terminal = new CliTerminal(reader, output, error, Interactive: false, name => Environment.GetValueOrDefault(name), TimeProvider.System);
        var code = await CliProgram.RunAsync(args, terminal, patience.Token);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public async Task LogInAsync(string username = TestApp.AdminName) =>
        Assert.Equal(0, (await RunAsync(TestApp.Password + "\n", ["login", username, "--password-stdin"])).Code);

    public void Dispose() => home.Delete(recursive: true);
}
