using StreamSpace.Contracts;

namespace StreamSpace.Audit;

/// <summary>One thing that somebody did, as it is kept.</summary>
internal sealed class Entry
{
    public long Id { get; init; }

    /// <summary>The day of the chain, which is the day of <see cref="Time"/> but for clocks that disagree around midnight.</summary>
    public DateOnly Day { get; init; }

    public DateTimeOffset Time { get; init; }

    public required string Action { get; init; }

    public UserId? Actor { get; init; }

    public required string ActorName { get; init; }

    public required string Resource { get; init; }

    public required string Result { get; init; }

    public int Status { get; init; }

    public string? Address { get; init; }

    public string? Agent { get; init; }

    public string? TraceId { get; init; }

    /// <summary>JSON array of field, before, after; as text, since its spelling is part of the hash.</summary>
    public required string Changes { get; init; }

    public long? Source { get; init; }

    public required byte[] Hash { get; init; }
}

/// <summary>The chain's links between days; kept when the day's entries are forgotten.</summary>
internal sealed class ChainDay
{
    public DateOnly Day { get; init; }

    /// <summary>The last hash of the day before.</summary>
    public required byte[] Previous { get; init; }

    /// <summary>How many entries the day has (or had).</summary>
    public long Entries { get; init; }

    public required byte[] LastHash { get; init; }

    public DateTimeOffset? ForgottenAt { get; init; }
}
