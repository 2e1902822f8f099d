using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>What a policy does to the fields it names.</summary>
public enum PolicyKind
{
    /// <summary>It restricts; of all restrictions the strictest counts.</summary>
    Restriction,

    /// <summary>It loosens what restrictions say, for whom it is about and until it expires.</summary>
    Exception,
}

/// <summary>A policy: whom it is about and what it says.</summary>
internal sealed class Policy
{
    public required DlpPolicyId Id { get; init; }

    public required string Name { get; set; }

    public string Description { get; set; } = "";

    public bool Enabled { get; set; } = true;

    /// <summary>Higher goes first where values have no order, and names the policy where several say the same.</summary>
    public int Priority { get; set; }

    public DlpSeverity Severity { get; set; } = DlpSeverity.Medium;

    public bool Everybody { get; private set; }

    public List<Guid> Users { get; private set; } = [];

    public List<Guid> Teams { get; private set; } = [];

    public List<string> Templates { get; private set; } = [];

    public List<Guid> Sessions { get; private set; } = [];

    public PolicyKind Kind { get; init; }

    /// <summary>Why there is an exception; null for a restriction.</summary>
    public string? Reason { get; set; }

    /// <summary>Until when an exception counts; null for a restriction.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Everybody was told that it no longer counts.</summary>
    public bool ExpiryTold { get; set; }

    /// <summary>Whether administrators are told of its violations at once.</summary>
    public bool NotifyAdmin { get; set; }

    public PolicyRules Rules { get; set; } = new();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public int Version { get; private set; } = 1;

    public PolicyRef Ref => new(Id, Name, Severity, NotifyAdmin);

    public PolicyScope Scope => new(Everybody, Users, Teams, Templates, Sessions);

    public static Policy Create(string name, PolicyScope scope, PolicyRules rules, DateTimeOffset now, PolicyKind kind = PolicyKind.Restriction)
    {
        var policy = new Policy { Id = DlpPolicyId.New(), Name = name.Trim(), Kind = kind, Rules = rules, CreatedAt = now, UpdatedAt = now };
        policy.Apply(scope);
        return policy;
    }

    public void Apply(PolicyScope scope)
    {
        Everybody = scope.All;
        Users = [.. (scope.Users ?? []).Distinct()];
        Teams = [.. (scope.Teams ?? []).Distinct()];
        Templates = [.. (scope.Templates ?? []).Distinct(StringComparer.Ordinal)];
        Sessions = [.. (scope.Sessions ?? []).Distinct()];
    }

    public bool AppliesTo(PolicySubject subject) =>
        Everybody || Users.Contains(subject.User.Value) || Sessions.Contains(subject.Session.Value) || Templates.Contains(subject.Template, StringComparer.Ordinal) || Teams.Any(subject.Teams.Contains);

    /// <summary>Marks a change, so that whoever edits an older copy is told.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
