using System.Globalization;
using System.Text.RegularExpressions;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Protection;

/// <summary>Fills a watermark's text in. In one pass, so that a name with braces in it is only a name.</summary>
internal static partial class WatermarkText
{
    public static string Of(string template, Viewer viewer, DateTimeOffset now) => Variable().Replace(template, found => found.Groups["name"].Value switch
    {
        "user" => viewer.Login.Username,
        "email" => viewer.Login.Email,
        "ip" => viewer.Address,
        "time" => now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        "session" => viewer.SessionName,
        _ => found.Value,
    });

    /// <summary>Whether it reads differently a moment later.</summary>
    public static bool Ages(string? template) => template?.Contains("{time}", StringComparison.Ordinal) == true;

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Variable();
}
