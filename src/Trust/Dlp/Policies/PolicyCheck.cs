using System.Text.RegularExpressions;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>What the attributes of the request records cannot say: what stands in lists, and what fits together. Every issue names its field.</summary>
internal static partial class PolicyCheck
{
    public const int LongestPattern = 500;
    public static readonly IReadOnlyList<string> MimeTypes = ["text/plain", "text/html", "text/rtf", "image/bmp"];

    /// <summary>What is wrong with an exception, or with what only an exception has.</summary>
    public static Failure? Exception(PolicyKind kind, string? reason, DateTimeOffset? expiresAt, PolicyRules rules, DateTimeOffset now)
    {
        var issues = new List<FieldIssue>();
        if (kind == PolicyKind.Restriction)
        {
            if (reason is not null)
                issues.Add(new("reason", "belongs to an exception."));
            if (expiresAt is not null)
                issues.Add(new("expires_at", "belongs to an exception."));
            return issues.Count == 0 ? null : Failure.Fields(issues);
        }

        if (string.IsNullOrWhiteSpace(reason))
            issues.Add(new("reason", "is needed: an exception says why there is one."));
        if (expiresAt is not { } end)
            issues.Add(new("expires_at", "is needed: an exception ends."));
        else if (end <= now || end > now.AddYears(1))
            issues.Add(new("expires_at", "must lie in the future, and within a year."));
        foreach (var (field, restricts) in ((string, bool)[])[
            ("clipboard_in.allowed", rules.ClipboardIn?.Allowed == false), ("clipboard_out.allowed", rules.ClipboardOut?.Allowed == false), ("upload.allowed", rules.Upload?.Allowed == false),
            ("download.allowed", rules.Download?.Allowed == false), ("screenshot", rules.Screenshot == false), ("printing", rules.Printing == false), ("audio", rules.Audio == false), ("microphone", rules.Microphone == false), ("require_reason", rules.RequireReason == true), ("require_approval", rules.RequireApproval == true)])
        {
            if (restricts)
                issues.Add(new($"rules.{field}", "restricts; an exception only loosens."));
        }

        if (rules.Upload?.DenyTypes is not null || rules.Download?.DenyTypes is not null)
            issues.Add(new(rules.Upload?.DenyTypes is not null ? "rules.upload.deny_types" : "rules.download.deny_types", "restricts; an exception only loosens."));
        if (rules.Watermark is not null)
            issues.Add(new("rules.watermark", "cannot be loosened by an exception."));
        return issues.Count == 0 ? null : Failure.Fields(issues);
    }

    /// <summary>A policy must not promise what nothing keeps: sound may be forbidden, which the proxy holds to, but not be allowed where there is none.</summary>
    private static Failure? Unenforced(PolicyRules? rules)
    {
        var issues = new List<FieldIssue>();
        foreach (var (field, allows) in ((string, bool)[])[("audio", rules?.Audio == true), ("microphone", rules?.Microphone == true)])
        {
            if (allows)
                issues.Add(new($"rules.{field}", "cannot be allowed yet: no sound is passed on. Leave it out, or say false to make sure that none ever is."));
        }

        if (issues.Count == 0)
            return null;
        return new(FailureKind.Refused, "NOT_ENFORCEABLE", string.Join(" ", issues.Select(i => $"{i.Field}: {i.Issue}")), issues is [var only] ? only : new FieldIssues(issues));
    }

    public static Failure? Of(PolicyScope? scope, PolicyRules? rules)
    {
        if (Unenforced(rules) is { } unenforced)
            return unenforced;
        var issues = new List<FieldIssue>();
        if (scope is not null)
            Scope(scope, issues);
        if (rules is not null)
        {
            Clipboard("rules.clipboard_in", rules.ClipboardIn, issues);
            Clipboard("rules.clipboard_out", rules.ClipboardOut, issues);
            Types("rules.upload", rules.Upload, issues);
            Types("rules.download", rules.Download, issues);
            if (rules.VisibleRegion is { } region && (region.X + region.Width > 100 || region.Y + region.Height > 100))
                issues.Add(new("rules.visible_region", "reaches beyond 100 percent of the picture."));
            if (rules.Watermark is { } watermark)
                WatermarkCheck.Of("rules.watermark", watermark, issues);
        }

        return issues.Count == 0 ? null : Failure.Fields(issues);
    }

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Pattern(string pattern)
    {
        if (pattern.Length is 0 or > LongestPattern)
            return $"must have 1 to {LongestPattern} characters.";
        try
        {
            return Patterns.Make(pattern, TimeSpan.FromMilliseconds(100)).IsMatch("") ? "also matches nothing at all, so that it would be found in every text." : null;
        }
        catch (ArgumentException e)
        {
            return $"is no regular expression: {e.Message}";
        }
        catch (RegexMatchTimeoutException)
        {
            return "takes too long even on an empty text.";
        }
    }

    private static void Scope(PolicyScope scope, List<FieldIssue> issues)
    {
        if (!scope.All && scope is not { Users.Count: > 0 } and not { Teams.Count: > 0 } and not { Templates.Count: > 0 } and not { Sessions.Count: > 0 })
            issues.Add(new("apply_to", "names nobody; say all, or list users, teams, templates or sessions."));
        for (var i = 0; i < (scope.Templates?.Count ?? 0); i++)
        {
            if (scope.Templates![i] is not { Length: > 0 and <= 63 } name || !Label().IsMatch(name))
                issues.Add(new($"apply_to.templates[{i}]", "is no name of a template."));
        }
    }

    private static void Clipboard(string field, ClipboardSection? section, List<FieldIssue> issues)
    {
        for (var i = 0; i < (section?.MimeTypes?.Count ?? 0); i++)
        {
            if (!MimeTypes.Contains(section!.MimeTypes![i], StringComparer.Ordinal))
                issues.Add(new($"{field}.mime_types[{i}]", $"must be one of {string.Join(", ", MimeTypes)}."));
        }

        for (var i = 0; i < (section?.Filters?.Count ?? 0); i++)
            Filter($"{field}.filters[{i}]", section!.Filters![i], issues);
    }

    private static void Filter(string field, FilterSection? filter, List<FieldIssue> issues)
    {
        if (filter is null || filter.Detector is null == filter.Pattern is null)
        {
            issues.Add(new(field, "needs either a detector or a pattern."));
            return;
        }

        if (filter.Name is { } name && (name.Length > 80 || name.Any(char.IsControl)))
            issues.Add(new($"{field}.name", "must have at most 80 characters, on one line."));
        if (filter.Pattern is null)
            return;
        if (string.IsNullOrWhiteSpace(filter.Name))
            issues.Add(new($"{field}.name", "is needed for a pattern: people are told this name, never the pattern."));
        if (Pattern(filter.Pattern) is { } wrong)
            issues.Add(new($"{field}.pattern", wrong));
    }

    private static void Types(string field, FileSection? section, List<FieldIssue> issues)
    {
        foreach (var (name, types) in ((string, IReadOnlyList<string>?)[])[("allow_types", section?.AllowTypes), ("deny_types", section?.DenyTypes)])
        {
            for (var i = 0; i < (types?.Count ?? 0); i++)
            {
                if (types![i] is not { Length: <= 100 } type || !MimeType().IsMatch(type))
                    issues.Add(new($"{field}.{name}[{i}]", "must be a type such as image/png or text/*."));
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z]+/([a-z0-9][a-z0-9.+-]*|\\*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex MimeType();
}
