using StreamSpace.Contracts;

namespace StreamSpace.Sessions;

/// <summary>A session's place in the reconcilers' queue.</summary>
internal sealed class WorkItem
{
    public SessionId SessionId { get; init; }
    public string? Node { get; init; }
    public DateTimeOffset? DueAt { get; set; }
    public long Wishes { get; set; }
    public int Attempts { get; set; }
    public string? ClaimedBy { get; set; }
    public DateTimeOffset? ClaimedUntil { get; set; }
}

/// <summary>When a session was used last, and of what its people were warned.</summary>
internal sealed class Presence
{
    public SessionId SessionId { get; init; }
    public DateTimeOffset LastActivityAt { get; set; }
    public required string Kind { get; set; }
    public DateTimeOffset? WarnedFor { get; set; }
    public int ExpiryWarned { get; set; }
}

/// <summary>When a team or person last got a place.</summary>
internal sealed class QueueTurn
{
    public required string Runtime { get; init; }
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public DateTimeOffset ServedAt { get; set; }
}

/// <summary>A server process that lives.</summary>
internal sealed class Replica
{
    public required string Instance { get; init; }
    public required string Node { get; init; }
    public DateTimeOffset SeenAt { get; set; }
}

/// <summary>What a session used at one time.</summary>
internal sealed class UsageRow
{
    public SessionId SessionId { get; init; }
    public DateTimeOffset At { get; init; }
    public double CpuPercent { get; init; }
    public long MemoryBytes { get; init; }
    public long? NetworkIn { get; init; }
    public long? NetworkOut { get; init; }
    public long? DiskBytes { get; init; }
    public int? Processes { get; init; }
}

/// <summary>One line of a session's history.</summary>
internal sealed class ActivityRow
{
    public long Position { get; init; }
    public SessionId SessionId { get; init; }
    public UserId OwnerId { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Type { get; init; }
    public required string Category { get; init; }
    public UserId? ActorId { get; init; }
    public required string ActorName { get; init; }
    public string? Message { get; init; }
    public required string Data { get; init; }
}
