using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>What a session holds and has used: by its control group, else added up over its processes.</summary>
internal static class SessionUsage
{
    public static UsageSample Take(FoundSession session)
    {
        var init = session.Status.Init.Pid;
        var (received, sent) = Network(init);
        if (session.Group.CpuNanoseconds() is { } cpu && session.Group.MemoryBytes() is { } memory)
            return new UsageSample(cpu, memory, received, sent, null, session.Group.Processes(), session.Group.ProcessesRefused());
        var processes = ProcessTable.Describe(ProcessTable.InNamespaceOf(init), init);

        // What programs used that ended already is kept by those who waited for them.
        var ended = processes.Select(process => process.Pid).Append(init).Sum(pid => ProcessStatus.Read(pid)?.ChildTicks ?? 0) * ProcessStatus.NanosecondsPerTick;
        return new UsageSample(processes.Sum(process => process.CpuNanoseconds) + ended, processes.Sum(process => process.MemoryBytes), received, sent, null, processes.Count, null);
    }

    private static (long? Received, long? Sent) Network(int init)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{init}/net/dev"))
            {
                var parts = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
                if (parts[0] == "tap0")
                    return (long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[9], CultureInfo.InvariantCulture));
            }

            return (0, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, null);
        }
    }
}
