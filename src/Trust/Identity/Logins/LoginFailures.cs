namespace StreamSpace.Identity;

/// <summary>How often a name was tried in vain. Names that nobody has are counted alike.</summary>
internal sealed class LoginFailures
{
    public required byte[] NameHash { get; init; }

    public int Failures { get; init; }

    public DateTimeOffset LastFailedAt { get; init; }

    public DateTimeOffset? BlockedUntil { get; init; }
}
