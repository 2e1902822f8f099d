using System.Globalization;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local.Limits;

/// <summary>The control group of one session, or what stands in for it where we may not make one.</summary>
internal interface IControlGroup
{
    /// <summary>Files a process writes its pid to in order to join.</summary>
    IReadOnlyList<string> JoinFiles { get; }

    bool IsFrozen { get; }

    /// <summary>Sets the processor limit. Apart from the others, because it holds only from the moment the display is up: a launch is not throttled.</summary>
    void LimitCpu(int millicores);

    /// <summary>Gives processes that are there other limits of CPU and memory.</summary>
    /// <exception cref="RuntimeFailure">MemoryInUse or NotSupported; nothing was changed then.</exception>
    void Change(ResourceLimits limits);

    Task FreezeAsync(CancellationToken ct);

    Task ThawAsync(CancellationToken ct);

    /// <summary>Every process in it; null when it cannot tell.</summary>
    IReadOnlyList<int>? Pids();

    long? CpuNanoseconds();

    long? MemoryBytes();

    int? Processes();

    /// <summary>How often the limit on processes refused a new one; null when it is not counted.</summary>
    long? ProcessesRefused();

    /// <summary>How many processes were killed because the memory ran out.</summary>
    long MemoryKills();

    /// <summary>A descriptor that becomes readable when memory runs out, or -1.</summary>
    int WatchMemory();

    /// <summary>Kills whatever is still inside, then removes the group.</summary>
    Task RemoveAsync(CancellationToken ct);
}

/// <summary>Small reads and writes of control files.</summary>
internal static class ControlFile
{
    public static RuntimeFailure MemoryInUse(long bytes) =>
        new(RuntimeReasons.MemoryInUse, $"The session holds more memory than {bytes >> 20} MiB now.");

    public static void Write(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    public static bool TryWrite(string path, string text)
    {
        try
        {
            Write(path, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static long? Number(string path) =>
        Read(path) is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A value out of lines of the form <c>name number</c>.</summary>
    public static long? Field(string path, string name)
    {
        foreach (var line in (Read(path) ?? string.Empty).Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
                return long.TryParse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture, out var value) ? value : null;
        }

        return null;
    }

    public static IReadOnlyList<int> Pids(string path) =>
        [.. (Read(path) ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(pid => pid > 0)];

    /// <summary>Removes an empty group; the last process may take a moment to be collected.</summary>
    public static async Task RemoveAsync(string folder, Action evict, TimeSpan patience, CancellationToken ct)
    {
        var until = TimeProvider.System.GetTimestamp();
        for (var wait = 2; Directory.Exists(folder); wait = Math.Min(wait * 2, 100))
        {
            try
            {
                Directory.Delete(folder);
                return;
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(until) < patience)
            {
                evict();
                await Task.Delay(wait, ct);
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    /// <summary>Waits until a control file says so.</summary>
    public static async Task<bool> BecomesAsync(Func<bool> condition, TimeSpan patience, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > patience)
                return false;
            await Task.Delay(1, ct);
        }

        return true;
    }
}
