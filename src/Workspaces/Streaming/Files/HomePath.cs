using System.Text;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>A path as a request names it: below the home, absolute or from the home on. What could lead elsewhere is refused before any runtime sees it.</summary>
internal static class HomePath
{
    private const int Longest = 4000;
    private const int LongestName = 255;

    /// <summary>The folder or file as an absolute path inside the session.</summary>
    /// <param name="path">From the request; null and empty for the home itself.</param>
    /// <param name="field">The field to name when it is wrong.</param>
    public static Result<string> Parse(string? path, string field = "path")
    {
        if (string.IsNullOrEmpty(path) || path is "/" or IHomeFiles.Home or IHomeFiles.Home + "/")
            return IHomeFiles.Home;
        if (path.Length > Longest || path.Contains('\0', StringComparison.Ordinal) || !IsText(path))
            return Failure.Field(field, path.Length > Longest ? $"may have at most {Longest} characters." : "must be text without NUL.");
        var below = path.StartsWith(IHomeFiles.Home + '/', StringComparison.Ordinal) ? path[(IHomeFiles.Home.Length + 1)..] : path;
        if (below.StartsWith('/'))
            return Failure.Field(field, $"must lie below {IHomeFiles.Home}.");
        var parts = below.TrimEnd('/').Split('/');
        if (parts.Any(p => p is ".."))
            return Failure.Field(field, "must not lead upwards.");
        if (parts.Any(p => p is "" or "."))
            return Failure.Field(field, "has an empty part.");
        if (parts.Any(p => Encoding.UTF8.GetByteCount(p) > LongestName))
            return Failure.Field(field, $"has a name longer than {LongestName} bytes.");
        return $"{IHomeFiles.Home}/{string.Join('/', parts)}";
    }

    /// <summary>The same for something inside the home: never the home itself.</summary>
    public static Result<string> ParseInside(string? path, string field = "path")
    {
        var parsed = Parse(path, field);
        return parsed.Ok && parsed.Value == IHomeFiles.Home ? Failure.Field(field, "must name a file or folder inside the home.") : parsed;
    }

    /// <summary>The same for something that is to come to be: its name must be one that people can see and type.</summary>
    public static Result<string> ParseNew(string? path, string field = "path")
    {
        var parsed = ParseInside(path, field);
        return parsed.Ok && NameOf(parsed.Value).Any(char.IsControl) ? Failure.Field(field, "has a name with control characters.") : parsed;
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    // Half a character would become another name on its way to the runtime.
    private static bool IsText(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1]))
                i++;
            else if (char.IsSurrogate(path[i]) || path[i] == '\uFFFD')
                return false;
        }

        return true;
    }
}
