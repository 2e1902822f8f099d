using System.Diagnostics;
using System.Globalization;
using StreamSpace.Client;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>What a test asks of the server it starts.</summary>
internal sealed record ServerSettings
{
    /// <summary>auto, local or docker.</summary>
    public string Runtime { get; init; } = "local";

    /// <summary>True: the administrator exists from the start; false: the set-up waits.</summary>
    public bool WithAdmin { get; init; } = true;

    /// <summary>Settings as environment variables without their prefix: <c>Sessions__IdleTimeout</c>.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];
}

/// <summary>The real server as a process of its own, in a data directory of its own, that can be killed and started again.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string AdminName = "ada";
    public const string Password = "correct horse battery 9";

    private readonly ServerSettings settings;
    private readonly string log;
    private Process? process;

    private ServerProcess(ServerSettings settings, string data)
    {
        this.settings = settings;
        Data = data;
        Port = Checkout.FreePort();
        log = Path.Combine(Checkout.Artifacts, $"server-{Port}.log");
    }

    public string Data { get; }

    public int Port { get; }

    public Uri Address => new($"http://localhost:{Port}/");

    public int ProcessId => process!.Id;

    public static async Task<ServerProcess> StartAsync(ServerSettings? settings = null)
    {
        var data = Directory.CreateTempSubdirectory("sse-").FullName;
        // As root the sessions and the database run as somebody else, who must be able to pass through.
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        var server = new ServerProcess(settings ?? new ServerSettings(), data);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts the program on the same data and port and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >>\"$LOG\" 2>&1", Checkout.Server, "--port", Port.ToString(CultureInfo.InvariantCulture), "--data", Data, "--runtime", settings.Runtime])
        {
            UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/",
        };
        start.Environment["LOG"] = log;
        if (settings.WithAdmin)
        {
            start.Environment["STREAMSPACE_ADMIN_USERNAME"] = AdminName;
            start.Environment["STREAMSPACE_ADMIN_PASSWORD"] = Password;
        }

        foreach (var (name, value) in settings.Environment)
            start.Environment["STREAMSPACE_" + name] = value;
        process = Process.Start(start)!;
        using var http = new HttpClient();
        for (var left = 600; ; left--)
        {
            if (process.HasExited || left == 0)
                throw new InvalidOperationException($"The server did not start. Its log:\n{Tail()}");
            try
            {
                if ((await http.GetAsync(new Uri(Address, "health/ready"))).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL: no goodbye.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as Ctrl-C in ./run does; answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        return process.ExitCode;
    }

    public async Task<StreamSpaceClient> LogInAsync(string username = AdminName, string password = Password)
    {
        var client = new StreamSpaceClient(Address);
        await client.Auth.LogInAsync(username, password, remember: false, CancellationToken.None);
        return client;
    }

    /// <summary>The code that the server shows on its console and nowhere else.</summary>
    public string SetupCode() => File.ReadAllText(Path.Combine(Data, "setup-code")).Trim();

    public string Tail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(30)) : "(none)";

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (process!.HasExited)
                await StartAgainAsync();
            await EndSessionsAsync();
            await StopAsync();
        }
        finally
        {
            if (!process!.HasExited)
                process.Kill();
            process.Dispose();
            Directory.Delete(Data, recursive: true);
        }
    }

    private async Task EndSessionsAsync()
    {
        using var admin = new StreamSpaceClient(Address);
        if ((await admin.Auth.SetupStateAsync(CancellationToken.None)).Needed)
            return;
        await admin.Auth.LogInAsync(AdminName, Password, remember: false, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var page = await admin.Sessions.ListAsync(new SessionFilter(), null, 200, patience.Token);
        foreach (var session in page.Items.Where(s => s.Phase != Phases.Terminated))
        {
            await admin.Sessions.DeleteAsync(session.Id, patience.Token);
            await admin.UntilAsync(session.Id, [Phases.Terminated], _ => { }, patience.Token);
        }
    }
}
