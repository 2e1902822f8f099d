using System.Diagnostics;
using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>
/// A program with a terminal inside a session. The terminal is one of the session's own (its devpts), so programs in it can find
/// it by name; enter.pl brings the program into the session's limits, namespaces and filter.
/// </summary>
internal sealed class LocalTerminal : IRuntimeTerminal
{
    private readonly PtyStream _stream;
    private readonly Process _program;

    private LocalTerminal(PtyStream stream, Process program)
    {
        _stream = stream;
        _program = program;
    }

    public Stream Stream => _stream;

    public static async Task<LocalTerminal> OpenAsync(Places places, FoundSession session, ExecSpec spec, FileEvents readiness, CancellationToken ct)
    {
        var (file, slave) = OpenPair(session);
        var stream = new PtyStream(file, readiness);
        Process? program = null;
        try
        {
            stream.Resize(spec.Columns, spec.Rows);
            var start = new ProcessStartInfo("/usr/bin/perl", [places.Program("enter.pl")])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            };
            start.Environment.Clear();
            program = Process.Start(start) ?? throw new RuntimeFailure(RuntimeReasons.StartFailed, "perl could not be started.");
            await program.StandardInput.BaseStream.WriteAsync(Orders(places, session, spec, slave), ct);
            program.StandardInput.Close();
            var fact = await program.StandardOutput.ReadLineAsync(ct);
            if (fact?.StartsWith("started", StringComparison.Ordinal) != true)
                throw new RuntimeFailure(RuntimeReasons.StartFailed, $"The terminal could not be opened: {fact?.Replace("failed ", string.Empty, StringComparison.Ordinal) ?? "the session ended"}.");
            return new LocalTerminal(stream, program);
        }
        catch
        {
            await stream.DisposeAsync();
            End(program);
            throw;
        }
    }

    public Task ResizeAsync(int columns, int rows, CancellationToken ct)
    {
        if (columns is < 1 or > 5000 || rows is < 1 or > 5000)
            throw new ArgumentOutOfRangeException(nameof(columns), "1 to 5000");
        _stream.Resize(columns, rows);
        return Task.CompletedTask;
    }

    public async Task<int?> WaitAsync(CancellationToken ct)
    {
        await _program.WaitForExitAsync(ct);
        return _program.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // The hang-up ends what obeys it, the helper's end the rest of it: the program was told to die with the helper.
        await _stream.DisposeAsync();
        End(_program);
    }

    private static void End(Process? program)
    {
        if (program is null)
            return;
        try
        {
            if (!program.HasExited)
                program.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in between.
        }

        program.Dispose();
    }

    private static byte[] Orders(Places places, FoundSession session, ExecSpec spec, string slave)
    {
        var orders = new Launching.Orders();
        orders.AddCalls("setsid", "setns", "prctl");
        orders.Add("outer", session.Status.Sandbox.Pid).Add("init", session.Status.Init.Pid).Add("terminal", slave).Add("seccomp", places.Seccomp);
        foreach (var file in session.Group.JoinFiles)
            orders.Add("group", file);
        if (Environment.IsPrivilegedProcess)
            orders.Add("uid", session.Record.Uid);
        foreach (var (name, value) in session.Record.Environment.Where(entry => !spec.Environment.ContainsKey(entry.Key)).Concat(spec.Environment))
            orders.Add("env", $"{name}={value}");
        foreach (var limit in session.Record.Rlimits)
            orders.Add("rlimit", limit);
        if (spec.Command.Count == 0)
            orders.Add("login", "1");
        foreach (var word in spec.Command.Count > 0 ? spec.Command : ["/bin/bash"])
            orders.Add("command", word);
        return orders.ToArray();
    }

    private static unsafe (int File, string Slave) OpenPair(FoundSession session)
    {
        const nuint unlock = 0x40045431, number = 0x80045430;
        var terminals = $"/proc/{session.Status.Init.Pid}/root/dev/pts";
        var file = Libc.Open($"{terminals}/ptmx", Libc.ReadWrite | Libc.NoTty | Libc.NonBlocking | Libc.CloseOnExec | Libc.NoFollow, 0);
        if (file < 0)
            throw new RuntimeFailure(RuntimeReasons.WrongState, $"The session has no terminals any more (error {Libc.LastError}).");
        var off = 0;
        var index = 0;
        if (!FileStatus.OfFile(file).IsCharacterDevice || Libc.Ioctl(file, unlock, &off) != 0 || Libc.Ioctl(file, number, &index) != 0)
        {
            _ = Libc.Close(file);
            throw new RuntimeFailure(RuntimeReasons.StartFailed, "The session gave no terminal.");
        }

        var slave = $"{terminals}/{index.ToString(CultureInfo.InvariantCulture)}";
        if (Environment.IsPrivilegedProcess)
            _ = Libc.LinkChown(slave, session.Record.Uid, session.Record.Uid);
        return (file, slave);
    }
}
