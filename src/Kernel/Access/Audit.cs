using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>Keeps the audit. The Audit module implements it.</summary>
public interface IAuditTrail
{
    /// <summary>Writes one entry; throws when it cannot be kept, so that nothing unaudited goes unnoticed.</summary>
    Task WriteAsync(AuditEntry entry, CancellationToken ct);
}

/// <summary>Who did what on what, from where, with which result.</summary>
/// <param name="Action">Past tense: <c>session.created</c>.</param>
/// <param name="Actor">Null for anonymous and system callers.</param>
/// <param name="ActorName">Sign-in name, or the system caller's name.</param>
/// <param name="Resource">For example <c>session:0190…</c> or the request's path.</param>
/// <param name="Result"><c>ok</c>, <c>denied</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Status">HTTP status; 0 outside a request.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="Agent">User agent of the request.</param>
/// <param name="TraceId">The request's id in the log.</param>
/// <param name="Changes">Before and after of changed fields, secrets masked.</param>
public sealed record AuditEntry(
    string Action, UserId? Actor, string ActorName, string Resource, string Result, int Status,
    string? Address, string? Agent, string? TraceId, IReadOnlyList<AuditChange> Changes);

/// <summary>One changed field.</summary>
public sealed record AuditChange(string Field, string? Before, string? After);

/// <summary>Scoped: what the handler wants to add to the entry that the pipeline writes for it.</summary>
public sealed class AuditScope
{
    private readonly List<AuditChange> changes = [];

    /// <summary>The thing it was done on; the request's path when null.</summary>
    public string? Resource { get; set; }

    /// <summary>Who did it, where the request itself does not know (a login, the set-up).</summary>
    public (UserId? Id, string Name)? Actor { get; set; }

    /// <summary>Changed fields so far.</summary>
    public IReadOnlyList<AuditChange> Changes => changes;

    /// <summary>Adds a changed field; equal values are left out.</summary>
    public void Changed(string field, object? before, object? after)
    {
        var (b, a) = (before?.ToString(), after?.ToString());
        if (!string.Equals(b, a, StringComparison.Ordinal))
            changes.Add(new(field, b, a));
    }
}
