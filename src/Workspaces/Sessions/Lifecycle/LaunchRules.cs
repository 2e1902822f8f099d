using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What names, tags, variables and sizes must look like. Every issue is collected, none hides another.</summary>
internal static partial class LaunchRules
{
    /// <summary>Words that stand in routes below /sessions, so no session may be called so.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "by-tags", "batch", "new", "search", "presets", "stats", "activity", "viewers", "recordings", "shared", "me", "all", "export", "import", "templates",
    };

    public static void CheckName(string? name, List<FieldIssue> issues)
    {
        if (name is null)
            return;
        if (!DnsLabel().IsMatch(name))
            issues.Add(new("name", "must be a DNS label: 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit."));
        else if (Reserved.Contains(name))
            issues.Add(new("name", $"{name} is reserved; choose another name."));
        else if (Guid.TryParse(name, CultureInfo.InvariantCulture, out _))
            issues.Add(new("name", "must not look like an id."));
    }

    public static void CheckTags(IReadOnlyList<string>? tags, List<FieldIssue> issues)
    {
        if (tags is null)
            return;
        if (tags.Count > 20)
            issues.Add(new("tags", "may be at most 20."));
        for (var i = 0; i < tags.Count && issues.Count < 20; i++)
        {
            if (tags[i] is null || !Tag().IsMatch(tags[i]))
                issues.Add(new($"tags[{i}]", "must be 1 to 50 letters, digits and ._:/- characters."));
        }
    }

    public static void CheckEnv(IReadOnlyDictionary<string, string>? env, List<FieldIssue> issues)
    {
        if (env is null)
            return;
        if (env.Count > 50)
            issues.Add(new("env", "may have at most 50 variables."));
        foreach (var (key, value) in env.Take(60))
        {
            var shown = "env." + (key.Length > 40 ? key[..40] : key).Replace("\0", "\\0", StringComparison.Ordinal);
            if (!VariableName().IsMatch(key))
                issues.Add(new(shown, "must be a variable name: letters, digits and _, not beginning with a digit, at most 100."));
            else if (key.StartsWith("STREAMSPACE_", StringComparison.Ordinal) || key is "LD_PRELOAD" or "LD_LIBRARY_PATH" or "DISPLAY" or "HOME" or "PATH" or "USER")
                issues.Add(new(shown, "is set by the platform and cannot be chosen."));
            if (value is null || value.Contains('\0', StringComparison.Ordinal) || value.Length > 4096)
                issues.Add(new(shown, "must be a text of at most 4096 characters without NUL."));
        }
    }

    public static void CheckReason(string? reason, List<FieldIssue> issues)
    {
        if (reason is not null && reason.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t'))
            issues.Add(new("reason", "must not contain control characters."));
    }

    public static TimeSpan? Span(string field, string? text, List<FieldIssue> issues)
    {
        if (text is null)
            return null;
        if (Duration.TryParse(text, out var span) && span >= TimeSpan.FromSeconds(10))
            return span;
        issues.Add(new(field, "must be a duration of at least 10 seconds, like 30m, 8h or 1h30m."));
        return null;
    }

    public static int? Cpu(string? text, List<FieldIssue> issues)
    {
        if (text is null)
            return null;
        if (Quantity.TryMillicores(text, out var cpu) && cpu >= 50)
            return cpu;
        issues.Add(new("resources.cpu", "must be CPU like 500m, 2 or 1.5, at least 50m."));
        return null;
    }

    public static long? Size(string field, string? text, long least, List<FieldIssue> issues)
    {
        if (text is null)
            return null;
        if (Quantity.TryBytes(text, out var bytes) && bytes >= least)
            return bytes;
        issues.Add(new(field, $"must be a size like 512Mi or 2Gi, at least {Quantity.Bytes(least)}."));
        return null;
    }

    public static (int Width, int Height)? Geometry(string? text, List<FieldIssue> issues)
    {
        if (text is null)
            return null;
        if (Picture().Match(text) is { Success: true } match
            && int.Parse(match.Groups["w"].ValueSpan, CultureInfo.InvariantCulture) is >= 320 and <= 7680 and var width
            && int.Parse(match.Groups["h"].ValueSpan, CultureInfo.InvariantCulture) is >= 200 and <= 4320 and var height)
            return (width, height);
        issues.Add(new("geometry", "must be WIDTHxHEIGHT, from 320x200 to 7680x4320, like 1280x800."));
        return null;
    }

    /// <summary>For those who do not care: <c>firefox-3f2a</c>.</summary>
    public static string MakeName(string template) => $"{(template.Length > 50 ? template[..50] : template).TrimEnd('-')}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^[\\p{L}\\p{N}._:/-]{1,50}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,99}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();

    [GeneratedRegex("^(?<w>[0-9]{1,5})x(?<h>[0-9]{1,5})\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Picture();
}
