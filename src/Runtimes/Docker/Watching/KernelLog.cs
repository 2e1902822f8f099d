using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamSpace.Runtimes.Docker.Watching;

/// <summary>
/// The engine tells that memory ran out, but not for whom; the kernel's log does, where this process may read it
/// (<c>oom-kill:...,task_memcg=/docker/ID,task=NAME,pid=...</c>).
/// </summary>
internal static partial class KernelLog
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int BrokenPipe = 32;
    private const int LongestRecord = 8192;

    /// <summary>Whether this process may read the kernel's log at all.</summary>
    public static bool Readable { get; } = LastVictim("", 0) is not null;

    /// <summary>The program killed last in this container, if the record is younger than the one given; null when the log cannot be read.</summary>
    public static (string? Name, long Record)? LastVictim(string container, long after)
    {
        var log = Open("/dev/kmsg", NonBlocking | CloseOnExec);
        if (log < 0)
            return null;
        try
        {
            (string? Name, long Record) victim = (null, after);
            var record = new byte[LongestRecord];
            while (true)
            {
                // Each read gives one record. EPIPE: the oldest were overwritten meanwhile, the next read goes on behind them.
                var count = Read(log, record, record.Length);
                if (count > 0)
                {
                    var text = Encoding.UTF8.GetString(record, 0, (int)count);
                    if (Victim(text, container) is { } name && Number(text) is var number && number > after)
                        victim = (name, number);
                }
                else if (count == 0 || Marshal.GetLastPInvokeError() != BrokenPipe)
                    return victim;
            }
        }
        finally
        {
            _ = Close(log);
        }
    }

    public static string? Victim(string record, string container)
    {
        if (!record.Contains("oom-kill:", StringComparison.Ordinal) || !record.Contains(container, StringComparison.Ordinal))
            return null;
        const string Key = ",task=";
        var start = record.IndexOf(Key, StringComparison.Ordinal);
        var end = start < 0 ? -1 : record.IndexOf(",pid=", start, StringComparison.Ordinal);
        return end < 0 ? null : record[(start + Key.Length)..end];
    }

    // A record begins "priority,number,microseconds,flags;".
    private static long Number(string record)
    {
        var fields = record.Split(',', 3);
        return fields.Length == 3 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, [Out] byte[] buffer, nint count);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
