using System.Text.RegularExpressions;

namespace StreamSpace.Dlp;

/// <summary>Finds e-mail addresses: a name, an at sign, a domain with a top level of letters.</summary>
internal static class Emails
{
    private static readonly Regex Address = new(
        @"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    public static int Count(string text, int most) => text.Contains('@', StringComparison.Ordinal) ? Address.CountUpTo(text, most) : 0;
}
