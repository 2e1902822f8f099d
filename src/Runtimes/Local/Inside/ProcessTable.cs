using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>The processes of a session, seen from outside.</summary>
internal static class ProcessTable
{
    private static readonly long PageSize = Environment.SystemPageSize;

    /// <summary>Every process that shares the pid namespace of the given one.</summary>
    public static IEnumerable<int> InNamespaceOf(int init)
    {
        if (Namespace(init) is not { } wanted)
            yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var pid) && Namespace(pid) == wanted)
                yield return pid;
        }
    }

    public static IReadOnlyList<SessionProcess> Describe(IEnumerable<int> pids, int init)
    {
        var wanted = Namespace(init);
        var processes = new List<SessionProcess>();
        foreach (var pid in pids)
        {
            if (pid != init && Namespace(pid) == wanted && ProcessStatus.Read(pid) is { State: not ('Z' or 'X') } status)
                processes.Add(new SessionProcess(pid, status.Parent, Command(pid) ?? status.Name, status.CpuTicks * ProcessStatus.NanosecondsPerTick, status.ResidentPages * PageSize));
        }

        return processes;
    }

    private static string? Namespace(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/ns/pid", returnFinalTarget: false)?.Name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Command(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return text.Length == 0 ? null : text.Length > 200 ? text[..200] : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
