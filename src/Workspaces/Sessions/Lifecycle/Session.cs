using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions;

/// <summary>One session: what is wanted, what is, and the facts that changes of either leave behind. No input or output here.</summary>
internal sealed partial class Session
{
    private readonly List<Func<SessionNow, IEvent>> facts = [];

    public SessionId Id { get; init; }
    public required string Name { get; set; }
    public UserId OwnerId { get; init; }
    public required string OwnerName { get; set; }
    public required string OwnerTitle { get; set; }
    public Guid? TeamId { get; init; }
    public required string Template { get; init; }
    public required string TemplateVersion { get; init; }
    public required string TemplateTitle { get; init; }
    public required string Category { get; init; }
    public required string Protocol { get; init; }
    public required Application Application { get; init; }
    public required string Runtime { get; init; }
    public string? Node { get; init; }
    public SessionWish Wanted { get; private set; }
    public SessionPhase Phase { get; private set; }
    public string? Reason { get; private set; }
    public string? Message { get; private set; }
    public string Cause { get; private set; } = "manual";
    public bool RestartPending { get; private set; }
    public string? Handle { get; private set; }
    public int Generation { get; private set; }
    public required string DisplaySecret { get; init; }
    public bool Admitted { get; private set; }
    public int CpuMillicores { get; set; }
    public long MemoryBytes { get; set; }
    public long StorageBytes { get; set; }
    public LimitsState LimitsState { get; private set; }
    public int Processes { get; init; } = 512;
    public required Dictionary<string, string> LimitsFrom { get; set; }
    public bool PersistentHome { get; init; }
    public bool Network { get; init; }
    public TimeSpan IdleTimeout { get; set; }
    public TimeSpan FreezeAfter { get; set; }
    public TimeSpan MaxDuration { get; set; }
    public int CpuThreshold { get; init; }
    public bool KeepAwake { get; set; }

    /// <summary>Why it was launched, in the owner's words; null when nobody asked.</summary>
    public string? LaunchReason { get; init; }
    public string[] Tags { get; set; } = [];
    public required Dictionary<string, string> Env { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }
    public LaunchNow? Progress { get; private set; }
    public Dictionary<string, long> Timings { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FrozenAt { get; private set; }
    public DateTimeOffset? HibernatedAt { get; private set; }
    public DateTimeOffset? TerminatedAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }
    public DateTimeOffset? QueuedAt { get; private set; }
    public int? QueuePosition { get; private set; }
    public int RestartCount { get; private set; }
    public int Revision { get; private set; }
    public int ManualHibernations { get; private set; }
    public int IdleHibernations { get; private set; }
    public int ManualFreezes { get; private set; }
    public int IdleFreezes { get; private set; }
    public double SavedCpuHours { get; private set; }
    public double SavedMemoryHours { get; private set; }

    /// <summary>PostgreSQL's xmin: two writers never overwrite each other unseen.</summary>
    public uint Version { get; private set; }

    /// <summary>The session as events tell it.</summary>
    public SessionNow Now() => new(
        Id, Name, OwnerId, OwnerName, TeamId, Template, TemplateTitle, Runtime, Wanted, Phase, Reason, Message, Progress, QueuePosition, KeepAwake, Tags, StartedAt, ExpiresAt);

    /// <summary>The facts since the last call, told with the session as it is now.</summary>
    public IReadOnlyList<IEvent> TakeFacts()
    {
        if (facts.Count == 0)
            return [];
        var now = Now();
        IReadOnlyList<IEvent> taken = [.. facts.Select(f => f(now))];
        facts.Clear();
        return taken;
    }

    /// <summary>Settings changed; counted, so that two editors notice each other.</summary>
    public void Changed(params IReadOnlyList<string> fields)
    {
        Revision++;
        facts.Add(now => new SessionUpdated(now, fields));
    }

    /// <summary>Tags changed.</summary>
    public void Retag(string[] tags)
    {
        Tags = tags;
        Revision++;
        facts.Add(now => new SessionTagsUpdated(now));
    }

    private void Tell(Func<SessionNow, IEvent> fact) => facts.Add(fact);
}
