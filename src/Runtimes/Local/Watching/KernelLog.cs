using System.Text;
using System.Text.RegularExpressions;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Watching;

/// <summary>The kernel's own words about a kill for memory: the only place that names the program for certain. Root may read it.</summary>
internal sealed unsafe partial class KernelLog : IDisposable
{
    private readonly int _file;

    public KernelLog()
    {
        _file = Libc.Open("/dev/kmsg", Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (_file >= 0)
            Libc.Seek(_file, 0, 2);
    }

    /// <summary>Names of programs killed for memory in the group with this name, since the last call.</summary>
    public IReadOnlyList<string> Victims(string group)
    {
        var names = new List<string>();
        if (_file < 0)
            return names;
        var buffer = stackalloc byte[8192];
        while (true)
        {
            var read = Libc.Read(_file, buffer, 8192);
            if (read < 0 && Libc.LastError == 32)
                continue; // EPIPE: records were overwritten meanwhile; the next read goes on after the gap
            if (read <= 0)
                return names;
            var match = Kill().Match(Encoding.UTF8.GetString(buffer, (int)read));
            if (match.Success && match.Groups["group"].ValueSpan.EndsWith(group, StringComparison.Ordinal))
                names.Add(match.Groups["task"].Value);
        }
    }

    public void Dispose()
    {
        if (_file >= 0)
            _ = Libc.Close(_file);
    }

    [GeneratedRegex("oom_memcg=(?<group>[^,]+),task_memcg=[^,]*,task=(?<task>[^,]+),pid=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kill();
}
