using System.Text.RegularExpressions;

namespace StreamSpace.Identity;

/// <summary>How names are written and compared: in lower case, in characters that fit into addresses, folders and logs.</summary>
internal static partial class Names
{
    /// <summary>For [RegularExpression] on requests; upper case is accepted and lowered.</summary>
    public const string Pattern = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$";

    public const string PatternText = "must be 1 to 63 letters, digits, dots, dashes or underscores, and begin and end with a letter or digit.";

    public static bool IsValid(string username) => Valid().IsMatch(username);

    public static string Of(string username) => username.Trim().ToLowerInvariant();

    public static string? OfEmail(string? email) => string.IsNullOrWhiteSpace(email) ? null : email.Trim().ToLowerInvariant();

    /// <summary>The name as a DNS label.</summary>
    public static string Slug(string username) => NotLabel().Replace(username, "-").Trim('-');

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Valid();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotLabel();
}
