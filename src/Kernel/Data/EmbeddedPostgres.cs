using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>
/// The server's own PostgreSQL: a cluster in the data directory, made from the PostgreSQL programs on the machine, on a Unix socket in
/// a 0700 directory only, owned by an unprivileged user. It outlives a killed server (the next one adopts it), is started again
/// when it crashes, and is stopped with the server.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly string binaries;
    private readonly string data;
    private readonly string socket;
    private readonly string? runAs;
    private readonly CancellationTokenSource stopping = new();
    private Task supervising = Task.CompletedTask;

    private EmbeddedPostgres(string binaries, string data, string socket, string? runAs)
    {
        this.binaries = binaries;
        this.data = data;
        this.socket = socket;
        this.runAs = runAs;
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString => ConnectionStringOf(socket);

    /// <summary>How to reach the one that another process has brought up.</summary>
    /// <param name="socketDirectory">Where its socket is.</param>
    public static string ConnectionStringOf(string socketDirectory) =>
        $"Host={socketDirectory};Username=streamspace;Database=streamspace;Maximum Pool Size=60;Timeout=10;Application Name=streamspace";

    /// <summary>Makes the cluster on first use and brings it up.</summary>
    /// <param name="directory">The cluster's directory.</param>
    /// <param name="socketDirectory">Where the socket goes; short, since socket paths end at about 107 bytes.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">It cannot start; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string directory, string socketDirectory, CancellationToken ct)
    {
        var found = FindBinaries() ?? throw new InvalidOperationException(
            "PostgreSQL 15 or newer is not installed. Install it (Debian, Ubuntu: apt-get install postgresql) or set Database:ConnectionString to a server of yours.");
        var postgres = new EmbeddedPostgres(found, directory, socketDirectory, Environment.IsPrivilegedProcess ? Unprivileged() : null);
        await postgres.PrepareAsync(ct);
        await postgres.EnsureUpAsync(ct);
        await postgres.EnsureDatabaseAsync(ct);
        postgres.supervising = Task.Run(() => postgres.SuperviseAsync(postgres.stopping.Token), CancellationToken.None);
        return postgres;
    }

    /// <summary>Stops the cluster and waits until its last process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await supervising.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        NpgsqlConnection.ClearAllPools();
        if (RunningPid() is { } pid)
        {
            await RunAsync("kill", ["-INT", pid.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
            for (var i = 0; i < 500 && RunningPid() is not null; i++)
                await Task.Delay(20, CancellationToken.None);
        }

        stopping.Dispose();
    }

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c> of the newest version from 15 on.</summary>
    public static string? FindBinaries()
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return versions
            .Select(v => (Folder: Path.Combine(v, "bin"), Version: int.TryParse(Path.GetFileName(v), CultureInfo.InvariantCulture, out var n) ? n : 0))
            .Where(v => v.Version >= 15 && File.Exists(Path.Combine(v.Folder, "initdb")))
            .OrderByDescending(v => v.Version)
            .Select(v => v.Folder)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(p => p.Length > 0 && File.Exists(Path.Combine(p, "initdb"))))
            .FirstOrDefault();
    }

    // PostgreSQL refuses to run as root, and its user must be in passwd: the package's own, else nobody.
    private static string Unprivileged() =>
        File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private async Task PrepareAsync(CancellationToken ct)
    {
        foreach (var folder in (string[])[data, socket])
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (runAs is not null)
                await RunAsync("chown", [$"{runAs}:", folder], ct);
        }

        if (File.Exists(Path.Combine(data, "PG_VERSION")))
            return;
        var (exit, text) = await AsPostgresAsync("initdb", ["-D", data, "-U", "streamspace", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], ct);
        if (exit != 0)
        {
            throw new InvalidOperationException(text.Contains("ermission denied", StringComparison.Ordinal)
                ? $"The database cannot use {data}: user \"{runAs}\" must be able to pass through every folder above it. Choose another data directory with --data, for example /var/lib/streamspace."
                : $"The database could not be made in {data}: {text.Trim()}");
        }
    }

    private async Task EnsureUpAsync(CancellationToken ct)
    {
        if (RunningPid() is null)
        {
            File.Delete(Path.Combine(data, "postmaster.pid"));
            await LaunchAsync(ct);
        }

        for (var i = 0; i < 1500; i++)
        {
            try
            {
                await using var probe = new NpgsqlConnection($"Host={socket};Username=streamspace;Database=postgres;Pooling=false;Timeout=5");
                await probe.OpenAsync(ct);
                return;
            }
            catch (NpgsqlException) when (i < 1499)
            {
                await Task.Delay(20, ct);
            }
        }
    }

    // setsid: a Ctrl-C in the terminal is for the server, which stops the database last.
    private Task LaunchAsync(CancellationToken ct)
    {
        var log = Path.Combine(data, "server.log");
        var command = $"exec setsid {(runAs is null ? "" : $"setpriv --reuid={runAs} --regid={runAs} --init-groups ")}'{binaries}/postgres' -D \"$0\" -c listen_addresses= -c unix_socket_directories=\"$1\" " +
            "-c unix_socket_permissions=0700 -c max_connections=200 -c shared_buffers=64MB -c log_min_messages=warning -c timezone=UTC </dev/null >>\"$2\" 2>&1 &";
        return RunAsync("sh", ["-c", command, data, socket, log], ct);
    }

    private async Task EnsureDatabaseAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection($"Host={socket};Username=streamspace;Database=postgres;Pooling=false");
        await connection.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("select exists(select from pg_database where datname = 'streamspace')", connection);
        if ((bool)(await exists.ExecuteScalarAsync(ct))!)
            return;
        await using var create = new NpgsqlCommand("create database streamspace", connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    private async Task SuperviseAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ct.IsCancellationRequested && RunningPid() is null)
                await EnsureUpAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The postmaster, if it lives: its pid file may be stale and its pid somebody else's.</summary>
    private int? RunningPid()
    {
        try
        {
            var pid = int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var alive = stat[(stat.LastIndexOf(')') + 2)] is not ('Z' or 'X');
            return alive && File.ReadAllText($"/proc/{pid}/cmdline").Contains("postgres", StringComparison.Ordinal) ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private Task<(int Exit, string Text)> AsPostgresAsync(string program, string[] arguments, CancellationToken ct) => runAs is null
        ? RunAsync(Path.Combine(binaries, program), arguments, ct)
        : RunAsync("setpriv", [$"--reuid={runAs}", $"--regid={runAs}", "--init-groups", Path.Combine(binaries, program), .. arguments], ct);

    private static async Task<(int Exit, string Text)> RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var texts = await Task.WhenAll(process.StandardError.ReadToEndAsync(ct), process.StandardOutput.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, texts[0]);
    }
}
