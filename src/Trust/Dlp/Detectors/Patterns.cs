using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace StreamSpace.Dlp;

/// <summary>
/// Administrators' patterns. What the engine without backtracking understands runs in time linear in the text; the rest (back references, look-around)
/// backtracks and is stopped by its timeout.
/// </summary>
internal static class Patterns
{
    private const int Most = 1000;
    private static readonly ConcurrentDictionary<(string Pattern, TimeSpan Timeout), Regex> Made = new();

    public static Regex Make(string pattern, TimeSpan timeout)
    {
        if (Made.TryGetValue((pattern, timeout), out var known))
            return known;
        if (Made.Count >= Most)
            Made.Clear();
        Regex made;
        try
        {
            made = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, timeout);
        }
        catch (NotSupportedException)
        {
            made = new(pattern, RegexOptions.CultureInvariant, timeout);
        }

        return Made[(pattern, timeout)] = made;
    }
}
