using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Lifecycle;

/// <summary>Ends a session's processes and removes what they left.</summary>
internal sealed class SessionEnder(LocalRuntimeOptions options, TimeProvider clock)
{
    // What the others stand on; they end with the namespace.
    private static readonly string[] Pillars = ["Xtigervnc", "openbox", "dbus-daemon", "tint2"];

    /// <summary>Asks every program to end and waits for them, within the grace.</summary>
    public async Task AskAsync(FoundSession session, CancellationToken ct)
    {
        if (!session.IsUp)
            return;
        await session.Group.ThawAsync(ct);
        var init = session.Status.Init;
        var asked = new List<ProcessIdentity>();
        foreach (var pid in (session.Group.Pids() ?? [.. ProcessTable.InNamespaceOf(init.Pid)]).Where(pid => pid != init.Pid))
        {
            if (ProcessStatus.Read(pid) is { } status && !Pillars.Contains(status.Name) && ProcessTable.Describe([pid], init.Pid).Count == 1 && !IsFirstProgram(status, init))
                asked.Add(new ProcessIdentity(pid, status.StartTime));
        }

        foreach (var process in asked)
            process.Signal(Libc.SigTerm);
        var since = clock.GetTimestamp();
        while (init.IsAlive && asked.Exists(process => process.IsAlive) && clock.GetElapsedTime(since) < options.StopGrace)
            await Task.Delay(10, ct);
    }

    /// <summary>Ends everything by force. The kernel ends every process of a pid namespace with its first one.</summary>
    public static async Task KillAsync(FoundSession session, CancellationToken ct)
    {
        session.Status.Init.Signal(Libc.SigKill);
        session.Status.Sandbox.Signal(Libc.SigKill);

        // In the first version of control groups a frozen process does not die before it is thawed.
        await session.Group.ThawAsync(ct);
        if (session.Status.Init.Pid == 0)
            session.Status.Guard.Signal(Libc.SigTerm);
        var gone = await ControlFile.BecomesAsync(() => !session.Status.Init.IsAlive && !session.Status.Guard.IsAlive, TimeSpan.FromSeconds(3), ct);
        if (!gone)
            session.Status.Guard.Signal(Libc.SigKill);
        session.Status.Network.Signal(Libc.SigKill);
        await ControlFile.BecomesAsync(
            () => !session.Status.Network.IsAlive && !session.Status.Sandbox.IsAlive && !session.Status.Guard.IsAlive, TimeSpan.FromSeconds(2), ct);
    }

    /// <summary>Removes the control groups and the run folder. What the session ended with is written down before.</summary>
    public static async Task CleanAsync(FoundSession session, CancellationToken ct)
    {
        if (!File.Exists(session.Places.Asked) && !File.Exists(session.Places.Ending) && Directory.Exists(session.Places.Folder))
            Json.Write(session.Places.Ending, session.Ending(), LocalJson.Default.Ending);
        await session.Group.RemoveAsync(ct);

        // Never into the home: its mount lives in the guard's own namespace, so here this folder must be empty.
        if (Directory.Exists(session.Places.HomeMount))
            Directory.Delete(session.Places.HomeMount);
        Homes.Remove(session.Places.Run);
        File.Delete(session.Places.Orders);
        File.Delete(session.Places.Arguments);
    }

    // The child of the namespace's first process is session.pl, which ends when the display or the main program does.
    private static bool IsFirstProgram(ProcessStatus status, ProcessIdentity init) =>
        status.Parent == init.Pid && status.Name == "perl" && (File.Exists($"/proc/{status.Pid}/cmdline") && ControlFile.Read($"/proc/{status.Pid}/cmdline")?.Contains("/opt/streamspace/session.pl", StringComparison.Ordinal) == true);
}
