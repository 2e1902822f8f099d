using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Viewers;

/// <summary>A connected viewer as all replicas see it.</summary>
internal sealed class ViewerRow
{
    public required ViewerId Id { get; init; }

    public required SessionId SessionId { get; init; }

    public required UserId OwnerId { get; init; }

    public required UserId UserId { get; init; }

    public required LoginId LoginId { get; init; }

    public required string Username { get; init; }

    public required string DisplayName { get; init; }

    public required AccessLevel Level { get; set; }

    public required string Address { get; init; }

    /// <summary>The replica that holds the socket.</summary>
    public required string Instance { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    public double? ClientMs { get; set; }

    public double? DisplayMs { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    public float BytesPerSecond { get; set; }

    public long MessagesIn { get; set; }

    public long Updates { get; set; }

    public float FramesPerSecond { get; set; }

    /// <summary>Null for a viewer that takes no JPEG.</summary>
    public int? QualityLevel { get; set; }

    public int? QualityBest { get; set; }

    public bool QualityAutomatic { get; set; }

    public bool Held { get; set; }

    public static ViewerRow Of(Viewer viewer, string instance) => new()
    {
        Id = viewer.Id, SessionId = viewer.Session, OwnerId = viewer.Owner, UserId = viewer.Login.User, LoginId = viewer.Login.Login,
        Username = viewer.Login.Username, DisplayName = viewer.Login.DisplayName, Level = viewer.Level, Address = viewer.Address,
        Instance = instance, ConnectedAt = viewer.ConnectedAt, SeenAt = viewer.ConnectedAt, Held = true,
    };
}
