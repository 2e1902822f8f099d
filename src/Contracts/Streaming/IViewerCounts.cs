namespace StreamSpace.Contracts.Streaming;

/// <summary>Counts who looks at sessions, over all replicas. Answered by the Streaming module.</summary>
public interface IViewerCounts
{
    /// <summary>Viewers connected now, per session; sessions without viewers are left out.</summary>
    Task<IReadOnlyDictionary<SessionId, int>> CountAsync(IReadOnlyCollection<SessionId> sessions, CancellationToken ct);
}
