using System.Text.RegularExpressions;

namespace StreamSpace.Dlp;

/// <summary>
/// Finds passwords and tokens: those of well-known services by the shape their makers gave them for this purpose, and whatever is assigned to a name
/// like <c>password</c> or <c>api_key</c> and looks random enough.
/// </summary>
internal static class SecretTokens
{
    private const double LeastEntropy = 2.75; // bits a character: "changeme" has 2.75 at most, random text of ten characters above 3

    private static readonly Regex Shapes = new(
        string.Join('|',
        [
            @"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", // AWS access keys
            @"\bgh[pousr]_[A-Za-z0-9]{36,}", // GitHub
            @"\bgithub_pat_[A-Za-z0-9_]{40,}",
            @"\bglpat-[A-Za-z0-9_-]{20,}", // GitLab
            @"\bxox[abeoprs]-[A-Za-z0-9-]{10,}", // Slack
            @"\b[rs]k_live_[A-Za-z0-9]{16,}", // Stripe
            @"\bAIza[0-9A-Za-z_-]{35}", // Google
            @"\bnpm_[A-Za-z0-9]{36}",
            @"\bsk-[A-Za-z0-9_-]{32,}",
            @"\bsk_[A-Za-z0-9_-]{32,}", // our own API keys
            @"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}", // JSON web tokens
            @"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,100}:[^\s/@]{6,100}@[^\s/@]+", // passwords in addresses
        ]),
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    private static readonly Regex Assigned = new(
        @"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret|kennwort|passwort)[""']?\s{0,4}(?:[:=]|=>)\s{0,4}[""']?[^\s""',;]{8,200}",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    public static int Count(string text, int most)
    {
        var count = Shapes.CountUpTo(text, most);
        foreach (var match in Assigned.EnumerateMatches(text))
        {
            if (count >= most)
                break;
            if (LooksRandom(Value(text.AsSpan(match.Index, match.Length))))
                count++;
        }

        return Math.Min(count, most);
    }

    /// <summary>What stands behind the sign.</summary>
    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> assignment) => assignment[(assignment.IndexOfAny(':', '=') + 1)..].TrimStart("=> \t\r\n\"'");

    /// <summary>Not a word, not a placeholder, not a call: letters and digits or signs mixed, and enough of them different.</summary>
    private static bool LooksRandom(ReadOnlySpan<char> value)
    {
        if (value.Length < 8 || value[0] is '$' or '<' or '{' or '%' or '*' or '[' || value.IndexOfAny('(', '<') >= 0)
            return false;
        int letters = 0, others = 0;
        foreach (var c in value)
        {
            if (char.IsLetter(c))
                letters++;
            else if (c is not ('.' or '_'))
                others++;
        }

        return letters > 0 && others > 0 && Entropy(value) >= LeastEntropy;
    }

    private static double Entropy(ReadOnlySpan<char> value)
    {
        Span<int> counts = stackalloc int[128];
        foreach (var c in value)
            counts[c & 127]++;
        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                bits -= (double)count / value.Length * Math.Log2((double)count / value.Length);
        }

        return bits;
    }
}

internal static class RegexCounts
{
    public static int CountUpTo(this Regex regex, string text, int most)
    {
        var count = 0;
        foreach (var _ in regex.EnumerateMatches(text))
        {
            if (++count == most)
                break;
        }

        return count;
    }
}
