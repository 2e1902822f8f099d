using System.Diagnostics;
using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local;

/// <summary>Says what this machine lacks for sessions, each with its cure.</summary>
internal sealed class LocalProbe(LocalRuntimeOptions options, GroupTree groups, TimeProvider clock)
{
    private const string Tunnel = "/dev/net/tun";
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private static readonly (string Program, string Package)[] Needed =
    [
        ("bwrap", "bubblewrap"), ("slirp4netns", "slirp4netns"), ("Xtigervnc", "tigervnc-standalone-server"), ("openbox", "openbox"), ("xkbcomp", "x11-xkb-utils"),
        ("perl", "perl-base"), ("setpriv", "util-linux"), ("unshare", "util-linux"), ("prlimit", "util-linux"),
    ];

    private (string? Problem, long At)? _namespaces;
    private string? _version;

    public async Task<RuntimeHealth> ProbeAsync(CancellationToken ct)
    {
        var problem = Programs() ?? Device() ?? await NamespacesAsync(ct);
        if (problem is not null)
            return new RuntimeHealth(false, null, problem, [], RuntimeCapabilities.None);
        _version ??= (await RunAsync("bwrap", ["--version"], ct)).Output.Trim();
        var warnings = new List<string>();
        if (!groups.LimitsMemory || !groups.LimitsCpu || !groups.LimitsProcesses)
        {
            warnings.Add(Environment.IsPrivilegedProcess
                ? "No control groups can be made here, so memory and processes are limited per program only and CPU not at all. Mount the cgroup hierarchies."
                : "Without root no control groups can be made, so memory is limited per program only and CPU not at all. Run the server as root, or delegate a cgroup to it (systemd: Delegate=yes).");
        }

        var capabilities = new RuntimeCapabilities(
            Freeze: true, IsolatedNetwork: true, groups.LimitsCpu, groups.LimitsMemory, ProcessLimit: true, StorageLimit: false, Exec: true, Builds: false);
        return new RuntimeHealth(true, $"{_version}, {groups.Version}, {(Environment.IsPrivilegedProcess ? "an uid per person" : "one uid for all")}", null, warnings, capabilities);
    }

    public static Readiness Check(Application application)
    {
        var packages = Directory.Exists("/var/lib/dpkg/info") ? application.LocalPackages.Where(package => !IsInstalled(package)).ToList() : [];
        var programs = application.LocalPrograms.Where(program => Launching.Programs.Find(program) is null).ToList();
        if (packages.Count + programs.Count == 0)
            return Readiness.Ready;
        return packages.Count > 0
            ? new Readiness(ReadinessState.Missing, packages, $"sudo apt-get install -y --no-install-recommends {string.Join(' ', packages)}")
            : new Readiness(ReadinessState.Missing, programs, $"Install the programs {string.Join(", ", programs)} on this machine.");
    }

    /// <summary>Whether the tunnel device is open to every uid, as udev makes it; without udev only root may use it.</summary>
    public static bool EverybodyMayTunnel() => FileStatus.At(-100, Tunnel, 0) is { } status && (status.Mode & 6) == 6;

    private static bool IsInstalled(string package) =>
        File.Exists($"/var/lib/dpkg/info/{package}.list") || Directory.EnumerateFiles("/var/lib/dpkg/info", $"{package}:*.list").Any();

    private static string? Programs()
    {
        if (!SystemCalls.Supported)
            return "Sessions on this machine need an x86-64 or arm64 processor.";
        var packages = Needed.Where(needed => Launching.Programs.Find(needed.Program) is null).Select(needed => needed.Package).Distinct(StringComparer.Ordinal).ToList();
        return packages.Count == 0 ? null : $"Programs are missing. Run: sudo apt-get install -y --no-install-recommends {string.Join(' ', packages)}";
    }

    private static string? Device()
    {
        if (FileStatus.At(-100, Tunnel, 0) is not { IsCharacterDevice: true })
            return $"{Tunnel} is missing, so sessions would have no network. Run: sudo modprobe tun";
        return Environment.IsPrivilegedProcess || EverybodyMayTunnel() ? null : $"{Tunnel} is closed to this user. Run: sudo chmod 0666 {Tunnel}";
    }

    private async Task<string?> NamespacesAsync(CancellationToken ct)
    {
        if (_namespaces is { } known && clock.GetElapsedTime(known.At) < Fresh)
            return known.Problem;
        string[] drop = Environment.IsPrivilegedProcess
            ? ["--reuid", options.FirstUid.ToString(CultureInfo.InvariantCulture), "--regid", options.FirstUid.ToString(CultureInfo.InvariantCulture), "--clear-groups"]
            : ["--no-new-privs"];
        var (code, output) = await RunAsync("setpriv", [.. drop, "unshare", "--user", "--keep-caps", "--map-current-user", "--net", "true"], ct);
        var problem = code == 0 ? null : $"The kernel does not let ordinary users make namespaces ({output.Trim().Split('\n')[0]}). {Cure()}";
        _namespaces = problem is null ? (null, clock.GetTimestamp()) : null;
        return problem;
    }

    private static string Cure()
    {
        if (Limits.ControlFile.Number("/proc/sys/kernel/unprivileged_userns_clone") == 0)
            return "Run: sudo sysctl -w kernel.unprivileged_userns_clone=1";
        if (Limits.ControlFile.Number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
            return "Run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
        return Limits.ControlFile.Number("/proc/sys/user/max_user_namespaces") == 0
            ? "Run: sudo sysctl -w user.max_user_namespaces=15000"
            : "Inside a container, allow the namespace system calls and map the uids of Runtimes:Local:FirstUid.";
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Launching.Programs.Find(program) ?? program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, output + await errors);
    }
}
