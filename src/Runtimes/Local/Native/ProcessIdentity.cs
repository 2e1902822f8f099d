using System.Globalization;

namespace StreamSpace.Runtimes.Local.Native;

/// <summary>A process that cannot be mistaken for a later one with the same pid: pid and start time, within one boot of the machine.</summary>
internal readonly record struct ProcessIdentity(int Pid, long StartTime)
{
    /// <summary>The boot's identifier; pids of another boot mean nothing.</summary>
    public static string Boot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Whether it lives. A zombie counts as dead: the first process of some machines never collects them.</summary>
    public bool IsAlive => Pid > 0 && ProcessStatus.Read(Pid) is { State: not ('Z' or 'X') } status && status.StartTime == StartTime;

    public bool Signal(int signal) => IsAlive && Libc.Kill(Pid, signal) == 0;

    public static ProcessIdentity Parse(string pid, string startTime) =>
        new(int.Parse(pid, CultureInfo.InvariantCulture), long.Parse(startTime, CultureInfo.InvariantCulture));
}

/// <summary>The parts of /proc/PID/stat that matter here.</summary>
internal sealed record ProcessStatus(int Pid, string Name, char State, int Parent, long CpuTicks, long ChildTicks, long StartTime, long ResidentPages)
{
    public const long NanosecondsPerTick = 10_000_000; // USER_HZ is 100 on every architecture Linux offers it to programs

    public static ProcessStatus? Read(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        // The name may hold spaces and parentheses: the fields begin after the last one.
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
            return null;
        var fields = text[(close + 2)..].Split(' ');
        return new ProcessStatus(pid, text[(open + 1)..close], fields[0][0], Number(1), Long(11) + Long(12), Long(13) + Long(14), Long(19), Long(21));

        int Number(int at) => int.Parse(fields[at], CultureInfo.InvariantCulture);
        long Long(int at) => long.Parse(fields[at], CultureInfo.InvariantCulture);
    }
}
