using System.Globalization;
using System.Runtime.CompilerServices;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>Reads what a session's guard keeps of its output: two files of bounded size, each line with its time in front.</summary>
internal static class LogRing
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public static async IAsyncEnumerable<LogLine> ReadAsync(string log, int tail, Func<bool> goesOn, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = All(log);
        var sent = lines.Count;
        foreach (var line in lines.Skip(Math.Max(0, lines.Count - tail)))
            yield return line;

        // The file that grows is followed by position; when the guard changes over to the other one, that is read from its start.
        var (file, position) = Newest(log);
        for (var last = !goesOn(); ; last = !goesOn())
        {
            foreach (var line in From(file, ref position))
                yield return line;
            if (Newest(log) is var (newest, _) && newest != file)
            {
                (file, position) = (newest, 0);
                continue;
            }

            if (last)
                yield break;
            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>The last thing worth telling a person about an end.</summary>
    public static string LastWords(string log)
    {
        var lines = All(log);
        var words = lines.LastOrDefault(line => line.Text.StartsWith("streamspace: ", StringComparison.Ordinal)) ?? lines.LastOrDefault(line => line.Text.Length > 0);
        var text = words?.Text.Replace("streamspace: ", string.Empty, StringComparison.Ordinal) ?? string.Empty;
        return text.Length > 200 ? text[..200] : text;
    }

    private static List<LogLine> All(string log)
    {
        var newest = Newest(log).File;
        var older = newest.EndsWith('0') ? $"{log}.1" : $"{log}.0";
        var (a, b) = (0L, 0L);
        return [.. From(older, ref a), .. From(newest, ref b)];
    }

    private static (string File, long Length) Newest(string log)
    {
        var (zero, one) = (new FileInfo($"{log}.0"), new FileInfo($"{log}.1"));
        var newest = one.Exists && one.Length > 0 && one.LastWriteTimeUtc > zero.LastWriteTimeUtc ? one : zero;
        return (newest.FullName, newest.Exists ? newest.Length : 0);
    }

    private static List<LogLine> From(string path, ref long position)
    {
        var lines = new List<LogLine>();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length < position)
                position = 0;
            var bytes = new byte[file.Length - position];
            file.Position = position;
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var whole = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            position += whole;
            foreach (var line in System.Text.Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                lines.Add(space > 0 && long.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, out var time) && time is > 0 and < 9_999_999_999_999
                    ? new LogLine(DateTimeOffset.FromUnixTimeMilliseconds(time), line[(space + 1)..].TrimEnd('\r'))
                    : new LogLine(null, line));
            }
        }
        catch (IOException)
        {
            // Not written yet, or gone with the session.
        }

        return lines;
    }
}
