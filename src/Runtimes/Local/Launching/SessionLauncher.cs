using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Desktop;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>
/// Brings a session's processes up.
///   1. write down what is about to be made
///   2. folders, home, control groups, the sandbox's arguments
///   3. the guard, which does what a server process cannot (guard.pl), until it has told the namespace's first process
///   4. the display's socket, until it greets
/// </summary>
internal sealed class SessionLauncher(Places places, LocalRuntimeOptions options, GroupTree groups, Uids uids, TimeProvider clock)
{
    private readonly Lazy<string> _kit = new(() => DesktopKit.LayOut(places, Programs.Find));

    /// <summary>Does beforehand what the first launch would otherwise wait for.</summary>
    public void Prepare()
    {
        Readahead.Ask();
        _ = _kit.Value;
        _ = HostNetwork.Addresses().Count();
    }

    public async Task<FoundSession> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        // 1.
        progress.Report(new LaunchProgress(LaunchStep.Reserve, 0, "Preparing the home and the limits"));
        ct.ThrowIfCancellationRequested();
        var at = places.Session(spec.Session);
        var uid = uids.Of(spec.Owner);
        Places.MakeFolder(at.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var old in new[] { at.Status, at.Ending, at.Asked, at.OutOfMemory })
            File.Delete(old);
        var home = Homes.Create(places, spec, uid);
        var environment = SandboxArguments.Environment(spec);
        var record = new SessionRecord(
            spec.Session, spec.Name, spec.Owner, spec.Application.Template, uid, home, spec.PersistentHome, spec.Application.Command, environment, spec.Limits,
            spec.Network, groups.Plan(spec.Session), Rlimits(spec.Limits), ProcessIdentity.Boot, clock.GetUtcNow());
        record.Write(at);

        // 2.
        GroupTree.Make(record.Groups, spec.Limits);
        WriteOrders(spec, record, at);
        progress.Report(new LaunchProgress(LaunchStep.Reserve, 100, "Ready to start"));

        // 3.
        progress.Report(new LaunchProgress(LaunchStep.Start, 0, "Starting the sandbox"));
        using var guard = StartGuard(at);
        using var slow = new CancellationTokenSource(options.DisplayTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, slow.Token);
        try
        {
            await UntilUpAsync(guard, at, ct, slow.Token);
            progress.Report(new LaunchProgress(LaunchStep.Start, 100, "The sandbox is up"));

            // 4.
            progress.Report(new LaunchProgress(LaunchStep.Connect, null, "Waiting for the display"));
            await UntilGreetedAsync(spec, at, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RuntimeFailure(RuntimeReasons.DisplayTimeout, $"The display did not answer within {options.DisplayTimeout.TotalSeconds:0} s. {LogRing.LastWords(at.Log)}");
        }

        // Nothing but the display writes there, and it is done: so nobody can fill the machine's /run or put another socket in its place.
        if (Environment.IsPrivilegedProcess)
        {
            Homes.Own(at.SocketFolder, 0);
            File.SetUnixFileMode(at.SocketFolder, (UnixFileMode)0b111_001_001);
        }

        progress.Report(new LaunchProgress(LaunchStep.Connect, 100, "The display answers"));
        return FoundSession.Find(places, spec.Session)!;
    }

    /// <summary>Waits for the display of a session whose processes are there already.</summary>
    public async Task AwaitDisplayAsync(LaunchSpec spec, CancellationToken ct)
    {
        using var slow = new CancellationTokenSource(options.DisplayTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, slow.Token);
        await UntilGreetedAsync(spec, places.Session(spec.Session), either.Token);
    }

    /// <summary>Closes the machine's present addresses to a session that runs already.</summary>
    public void CloseAgain(FoundSession session)
    {
        if (!session.Record.Network || !session.IsUp)
            return;
        File.WriteAllLines(session.Places.Closed, HostNetwork.Closed(options, HostNetwork.Addresses()));
        session.Status.Guard.Signal(Libc.SigUsr1);
    }

    private void WriteOrders(LaunchSpec spec, SessionRecord record, SessionPlaces at)
    {
        var root = Environment.IsPrivilegedProcess;
        Places.MakeFolder(at.Run, (UnixFileMode)(root ? 0b111_001_001 : 0b111_000_000));
        Homes.RemoveContents(at.SocketFolder);
        Places.MakeFolder(at.SocketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Homes.Own(at.SocketFolder, record.Uid);
        if (root)
            Directory.CreateDirectory(at.HomeMount);
        var etc = EtcFiles.Write(at.Etc, spec);
        var arguments = SandboxArguments.Build(spec, at, root ? at.HomeMount : record.Home, _kit.Value, etc, record.Environment);
        File.WriteAllText(at.Arguments, string.Concat(arguments.Select(argument => argument + '\0')), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

        var orders = new Orders();
        orders.Add("status", at.Status).Add("closed", at.Closed).Add("log", at.Log).Add("log_bytes", options.LogBytes / 2).Add("arguments", at.Arguments).Add("seccomp", places.Seccomp);
        orders.AddCalls("setsid", "setns", "unshare", "mount", "mknodat", "clock_gettime", "prctl");
        foreach (var network in HostNetwork.Closed(options, HostNetwork.Addresses()))
            orders.Add("unreachable", network);
        foreach (var file in GroupTree.Open(record.Groups, default).JoinFiles)
            orders.Add("group", file);
        if (root)
            orders.Add("uid", record.Uid).Add("home", record.Home).Add("home_at", at.HomeMount);
        if (spec.Network)
            orders.Add("network", "1").Add("slirp", "--enable-seccomp");
        if (root && spec.Network && !LocalProbe.EverybodyMayTunnel())
            orders.Add("make_tun", "1");
        foreach (var limit in record.Rlimits)
            orders.Add("rlimit", limit);
        foreach (var word in SandboxArguments.Command(spec))
            orders.Add("command", word);
        File.WriteAllBytes(at.Orders, orders.ToArray());
    }

    // What no control group limits is limited program by program, in prlimit's words.
    private List<string> Rlimits(ResourceLimits limits)
    {
        var words = new List<string>();
        if (!groups.LimitsProcesses)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"nproc={limits.Processes}"));
        if (!groups.LimitsMemory)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"data={limits.MemoryBytes}"));
        return words;
    }

    private Process StartGuard(SessionPlaces at)
    {
        var start = new ProcessStartInfo("/usr/bin/perl", [places.Program("guard.pl"), at.Orders])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        return Process.Start(start) ?? throw new RuntimeFailure(RuntimeReasons.StartFailed, "perl could not be started.");
    }

    // The first fact is awaited whatever happens: from then on the guard can be found, and ended, by its file.
    private static async Task UntilUpAsync(Process guard, SessionPlaces at, CancellationToken ct, CancellationToken slow)
    {
        var status = GuardStatus.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, slow);
        for (var token = slow; await guard.StandardOutput.ReadLineAsync(token) is { } fact; token = either.Token)
        {
            status = status.With(fact);
            if (status.Init.Pid > 0 && status.Online == false)
                throw new RuntimeFailure(RuntimeReasons.StartFailed, $"The session's network did not come up. {LogRing.LastWords(at.Log)}");
            if (status.Init.Pid > 0)
                return;
        }
    }

    private async Task UntilGreetedAsync(LaunchSpec spec, SessionPlaces at, CancellationToken ct)
    {
        var buffer = new byte[12];
        for (var tries = 1; ; tries++)
        {
            try
            {
                // The look is cheap, the attempt is not.
                if (Path.Exists(at.Socket))
                {
                    await using var display = await Display.ConnectAsync(at, ct);
                    await display.ReadExactlyAsync(buffer, ct);
                    if (buffer.AsSpan().StartsWith("RFB "u8))
                        return;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                tries += 10;
            }

            if (tries > 25)
            {
                tries = 0;
                if (FoundSession.Find(places, spec.Session) is { IsAlive: false } dead)
                {
                    var ending = dead.Ending();
                    throw new RuntimeFailure(ending.Reason ?? RuntimeReasons.StartFailed, ending.Message ?? "The session ended while it started.");
                }
            }

            await Task.Delay(2, ct);
        }
    }
}
