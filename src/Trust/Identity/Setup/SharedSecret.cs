namespace StreamSpace.Identity;

/// <summary>A secret of the installation that all replicas share, sealed.</summary>
internal sealed class SharedSecret
{
    public required string Name { get; init; }

    public required string Sealed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
