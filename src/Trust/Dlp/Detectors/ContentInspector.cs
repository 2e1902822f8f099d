using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>Looks through texts. All patterns together get a bounded time; what could not be looked for counts as found.</summary>
internal sealed class ContentInspector(IOptions<DlpOptions> options)
{
    private const int MostMatches = 100;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(500);

    /// <summary>The gravest finding; null when there is none.</summary>
    public ContentFinding? First(IReadOnlyList<ContentRule> rules, string text)
    {
        ContentFinding? warning = null;
        var begun = Stopwatch.GetTimestamp();
        foreach (var rule in rules)
        {
            if (rule.Action == ContentAction.Warn && warning is not null)
                continue;
            if (Look(rule, text, begun) is not { } found)
                continue;
            if (rule.Action == ContentAction.Block)
                return found;
            warning = found;
        }

        return warning;
    }

    /// <summary>Every finding, for a preview.</summary>
    public IReadOnlyList<ContentFinding> All(IReadOnlyList<ContentRule> rules, string text)
    {
        var begun = Stopwatch.GetTimestamp();
        return [.. rules.Select(r => Look(r, text, begun)).OfType<ContentFinding>()];
    }

    private ContentFinding? Look(ContentRule rule, string text, long begun)
    {
        if (rule.Detector is { } detector)
        {
            var count = Detect(detector, text);
            return count == 0 ? null : new(rule, count, false);
        }

        if (Stopwatch.GetElapsedTime(begun) > MostTime)
            return new(rule, 0, true);
        try
        {
            var matches = 0;
            foreach (var _ in Patterns.Make(rule.Pattern ?? "", TimeSpan.FromMilliseconds(options.Value.PatternMilliseconds)).EnumerateMatches(text))
            {
                if (++matches == MostMatches || Stopwatch.GetElapsedTime(begun) > MostTime)
                    break;
            }

            return matches == 0 ? null : new(rule, matches, false);
        }
        catch (RegexMatchTimeoutException)
        {
            return new(rule, 0, true);
        }
        catch (ArgumentException)
        {
            return new(rule, 0, true); // it was checked when it was saved; whatever cannot be looked for counts as found
        }
    }

    private static int Detect(ContentDetector detector, string text) => detector switch
    {
        ContentDetector.PaymentCard => PaymentCards.Count(text, MostMatches),
        ContentDetector.Iban => Ibans.Count(text, MostMatches),
        ContentDetector.Email => Emails.Count(text, MostMatches),
        ContentDetector.PrivateKey => PrivateKeys.Count(text, MostMatches),
        _ => SecretTokens.Count(text, MostMatches),
    };
}
