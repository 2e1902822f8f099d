namespace StreamSpace.Kernel;

/// <summary>The ways an expected failure is told to the outside; each is one HTTP status (see <see cref="FailureHttp"/>).</summary>
public enum FailureKind
{
    /// <summary>400: the request itself is wrong.</summary>
    Invalid,

    /// <summary>401: nobody is logged in.</summary>
    Unauthenticated,

    /// <summary>403: the caller may not.</summary>
    Denied,

    /// <summary>404: no such thing, or the caller may not know of it.</summary>
    Missing,

    /// <summary>409: the current state does not allow it.</summary>
    Conflict,

    /// <summary>413: too much data.</summary>
    TooLarge,

    /// <summary>415: a content type or feature we do not take.</summary>
    Unsupported,

    /// <summary>422: a quota or policy says no.</summary>
    Refused,

    /// <summary>429: too many requests.</summary>
    Exhausted,

    /// <summary>503: something we depend on is down.</summary>
    Unavailable,
}

/// <summary>An expected failure, as a value. It reaches the caller as problem+json; it never carries a secret or a stack trace.</summary>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Code">Stable, in UPPER_SNAKE: <c>SESSION_NOT_FOUND</c>.</param>
/// <param name="Text">What happened, why, what now: a sentence for a person.</param>
/// <param name="Details">Machine-readable extras, written as JSON; null for none.</param>
/// <param name="RetryAfter">When trying again makes sense; becomes <c>Retry-After</c>.</param>
public sealed record Failure(FailureKind Kind, string Code, string Text, object? Details = null, TimeSpan? RetryAfter = null)
{
    /// <summary>One field of the request is wrong.</summary>
    /// <param name="field">The field as the caller wrote it: <c>resources.memory</c>.</param>
    /// <param name="issue">What is wrong and what would be right.</param>
    public static Failure Field(string field, string issue) =>
        new(FailureKind.Invalid, "VALIDATION_ERROR", $"{field}: {issue}", new FieldIssue(field, issue));

    /// <summary>Several fields of the request are wrong.</summary>
    public static Failure Fields(IReadOnlyList<FieldIssue> issues) => issues is [var only]
        ? Field(only.Field, only.Issue)
        : new(FailureKind.Invalid, "VALIDATION_ERROR", string.Join(" ", issues.Select(i => $"{i.Field}: {i.Issue}")), new FieldIssues(issues));

    /// <summary>No such thing, or not the caller's to know of.</summary>
    /// <param name="thing">Singular noun: <c>session</c>.</param>
    public static Failure Missing(string thing) =>
        new(FailureKind.Missing, $"{thing.ToUpperInvariant().Replace(' ', '_')}_NOT_FOUND", $"There is no such {thing}.");
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">The field's path in the request.</param>
/// <param name="Issue">What is wrong with it.</param>
public sealed record FieldIssue(string Field, string Issue);

/// <summary>What is wrong with several fields.</summary>
/// <param name="Errors">One entry per field.</param>
public sealed record FieldIssues(IReadOnlyList<FieldIssue> Errors);
