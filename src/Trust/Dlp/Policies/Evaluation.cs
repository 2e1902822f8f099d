using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>
/// From policies to what counts, as a pure function: of each field the most restrictive value; where values have no order (region, watermark, lists of
/// allowed types) the one of the highest priority; lists of what is looked for or denied are added up. Among equals the higher priority is named,
/// among equal priorities the older policy. Then exceptions: of each field the one of the highest priority that names it, and only if that loosens
/// it. An exception never restricts, whatever it says.
/// </summary>
internal static class Evaluation
{
    /// <summary>Those of the policies that are on and about the subject, highest priority first.</summary>
    public static IReadOnlyList<Policy> Applying(IEnumerable<Policy> policies, PolicySubject subject) =>
        [.. policies.Where(p => p.Enabled && p.AppliesTo(subject)).OrderByDescending(p => p.Priority).ThenBy(p => p.CreatedAt).ThenBy(p => p.Id.Value)];

    /// <summary>Null when no restriction applies.</summary>
    public static StreamPolicy? Of(IEnumerable<Policy> policies, PolicySubject subject)
    {
        var applying = Layers.Of(Applying(policies, subject));
        if (applying.Restrictions.Count == 0)
            return null;
        return new(
            Clipboard(applying, r => r.ClipboardIn),
            Clipboard(applying, r => r.ClipboardOut),
            Least(applying, r => r.KeysAction is ContentAction.Warn ? null : r.KeysPerSecond, r => r.KeysPerSecond),
            First(applying, r => r.VisibleRegion is { } v ? new VisibleRegion(v.X, v.Y, v.Width, v.Height) : null),
            First(applying, r => r.Watermark is { } w ? new Watermark(Said(w.Text), Said(w.Image), w.Opacity ?? 0.3, w.Position ?? "center", w.Tile ?? false, w.RefreshSeconds ?? 60) : null),
            Files(applying, r => r.Upload),
            Files(applying, r => r.Download),
            Unless(applying, r => r.Printing),
            Unless(applying, r => r.Audio),
            Unless(applying, r => r.Microphone),
            Unless(applying, r => r.Screenshot),
            Least(applying, r => r.KeysAction is ContentAction.Warn ? r.KeysPerSecond : null, r => r.KeysPerSecond));
    }

    /// <summary>What is demanded of somebody who launches a template. Policies about sessions do not count: there is none yet.</summary>
    public static LaunchPolicy LaunchOf(IEnumerable<Policy> policies, PolicySubject launcher)
    {
        var applying = Layers.Of(Applying(policies, launcher));
        return new(If(applying, r => r.RequireReason), If(applying, r => r.RequireApproval));
    }

    public static ContentRule ToRule(FilterSection filter, PolicyRef by) =>
        new(filter.Name is { Length: > 0 } name ? name : filter.Detector is { } detector ? Words.Of(detector) : "pattern", filter.Detector, filter.Pattern, filter.Action, by);

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static ClipboardRules Clipboard(Layers policies, Func<PolicyRules, ClipboardSection?> section) => new(
        Unless(policies, r => section(r)?.Allowed),
        Least(policies, r => section(r) is { SizeAction: not ContentAction.Warn } s ? s.MaxBytes : null, r => section(r)?.MaxBytes),
        Least(policies, r => section(r) is { RateAction: not ContentAction.Warn } s ? s.PerMinute : null, r => section(r)?.PerMinute),
        Filters(policies, r => section(r)?.Filters),
        Types(policies, r => section(r)?.MimeTypes),
        Most(policies, r => section(r)?.Audit),
        Least(policies, r => section(r) is { SizeAction: ContentAction.Warn } s ? s.MaxBytes : null, r => section(r)?.MaxBytes),
        Least(policies, r => section(r) is { RateAction: ContentAction.Warn } s ? s.PerMinute : null, r => section(r)?.PerMinute));

    private static FileRules Files(Layers policies, Func<PolicyRules, FileSection?> section) => new(
        Unless(policies, r => section(r)?.Allowed),
        Least(policies, r => section(r)?.MaxBytes, r => section(r)?.MaxBytes),
        Types(policies, r => section(r)?.AllowTypes),
        [.. policies.Restrictions.SelectMany(p => (section(p.Rules)?.DenyTypes ?? []).Select(t => new Ruled<string>(t, p.Ref)))],
        If(policies, r => section(r)?.Scan),
        Unscanned(policies, section));

    /// <summary>Blocked where the scanner could not look, unless everybody who wants a scan, or an exception, is content with a warning.</summary>
    private static UnscannedAction Unscanned(Layers policies, Func<PolicyRules, FileSection?> section) =>
        Loosening(policies, r => section(r)?.Unscanned) is { Value: UnscannedAction.Warn } || policies.Restrictions.Where(p => section(p.Rules)?.Scan == true).All(p => section(p.Rules)?.Unscanned == UnscannedAction.Warn)
            ? UnscannedAction.Warn
            : UnscannedAction.Block;

    /// <summary>All that restrictions look for; where an exception has a list, only what stands in it too, and no stricter than it says there.</summary>
    private static IReadOnlyList<ContentRule> Filters(Layers policies, Func<PolicyRules, IReadOnlyList<FilterSection>?> field)
    {
        IEnumerable<ContentRule> rules = policies.Restrictions.SelectMany(p => (field(p.Rules) ?? []).Select(f => ToRule(f, p.Ref)));
        if (Loosening(policies, field) is not ({ } left, { } by))
            return [.. rules];
        return [.. rules.Select(r => Loosened(r, left, by)).OfType<ContentRule>()];
    }

    private static ContentRule? Loosened(ContentRule rule, IReadOnlyList<FilterSection> left, PolicyRef by) =>
        left.FirstOrDefault(f => f.Detector == rule.Detector && f.Pattern == rule.Pattern) is not { } same ? null : same.Action < rule.Action ? rule with { Action = same.Action, By = by } : rule;

    /// <summary>What an exception says of a field, and which one; the highest priority first.</summary>
    private static (T? Value, PolicyRef? By) Loosening<T>(Layers policies, Func<PolicyRules, T?> field) where T : class
    {
        foreach (var policy in policies.Exceptions)
        {
            if (field(policy.Rules) is { } value)
                return (value, policy.Ref);
        }

        return (null, null);
    }

    private static (T Value, PolicyRef By)? Loosening<T>(Layers policies, Func<PolicyRules, T?> field) where T : struct
    {
        foreach (var policy in policies.Exceptions)
        {
            if (field(policy.Rules) is { } value)
                return (value, policy.Ref);
        }

        return null;
    }

    /// <summary>Open unless one closes it.</summary>
    private static Ruled<bool> Unless(Layers policies, Func<PolicyRules, bool?> field)
    {
        var by = policies.Restrictions.FirstOrDefault(p => field(p.Rules) == false);
        if (by is not null)
            return Loosening(policies, field) is { Value: true } open ? new(true, open.By) : new(false, by.Ref);
        return new(true, policies.Restrictions.FirstOrDefault(p => field(p.Rules) == true)?.Ref);
    }

    /// <summary>Not demanded unless one does.</summary>
    private static Ruled<bool> If(Layers policies, Func<PolicyRules, bool?> field)
    {
        var by = policies.Restrictions.FirstOrDefault(p => field(p.Rules) == true);
        if (by is not null)
            return Loosening(policies, field) is { Value: false } lifted ? new(false, lifted.By) : new(true, by.Ref);
        return new(false, policies.Restrictions.FirstOrDefault(p => field(p.Rules) == false)?.Ref);
    }

    /// <summary>The smallest; an exception may say more, in whatever form it says it.</summary>
    private static Ruled<T?> Least<T>(Layers policies, Func<PolicyRules, T?> field, Func<PolicyRules, T?> loosened) where T : struct, IComparable<T>
    {
        var best = new Ruled<T?>(null, null);
        foreach (var policy in policies.Restrictions)
        {
            if (field(policy.Rules) is { } value && (best.Value is not { } least || value.CompareTo(least) < 0))
                best = new(value, policy.Ref);
        }

        return best.Value is { } found && Loosening(policies, loosened) is { } more && more.Value.CompareTo(found) > 0 ? new(more.Value, more.By) : best;
    }

    private static Ruled<ClipboardAudit> Most(Layers policies, Func<PolicyRules, ClipboardAudit?> field)
    {
        var best = new Ruled<ClipboardAudit>(ClipboardAudit.None, null);
        foreach (var policy in policies.Restrictions)
        {
            if (field(policy.Rules) is { } value && (best.By is null || value > best.Value))
                best = new(value, policy.Ref);
        }

        return Loosening(policies, field) is { } less && less.Value < best.Value ? new(less.Value, less.By) : best;
    }

    /// <summary>Types that pass: the highest priority's list, and what an exception adds.</summary>
    private static Ruled<IReadOnlyList<string>?> Types(Layers policies, Func<PolicyRules, IReadOnlyList<string>?> field)
    {
        var first = policies.Restrictions.FirstOrDefault(p => field(p.Rules) is not null);
        if (first is null || field(first.Rules) is not { } types)
            return new(null, null);
        return Loosening(policies, field) is ({ } more, { } by) && more.Except(types, StringComparer.Ordinal).Any() ? new([.. types.Union(more, StringComparer.Ordinal)], by) : new(types, first.Ref);
    }

    /// <summary>The highest priority's, or what an exception puts in its place.</summary>
    private static Ruled<T?> First<T>(Layers policies, Func<PolicyRules, T?> field) where T : class
    {
        foreach (var policy in policies.Restrictions)
        {
            if (field(policy.Rules) is { } value)
                return Loosening(policies, field) is ({ } instead, { } by) ? new(instead, by) : new(value, policy.Ref);
        }

        return new(null, null);
    }

    private sealed record Layers(IReadOnlyList<Policy> Restrictions, IReadOnlyList<Policy> Exceptions)
    {
        public static Layers Of(IReadOnlyList<Policy> applying) =>
            new([.. applying.Where(p => p.Kind == PolicyKind.Restriction)], [.. applying.Where(p => p.Kind == PolicyKind.Exception)]);
    }
}
