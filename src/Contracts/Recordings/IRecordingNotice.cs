namespace StreamSpace.Contracts.Recordings;

/// <summary>Tells which sessions are being recorded, for people who look at one without a right to its recordings. Answered by the Recordings module.</summary>
public interface IRecordingNotice
{
    /// <summary>Those of the sessions that are being recorded now and whose people may know it; a silent recording is never among them.</summary>
    Task<IReadOnlySet<SessionId>> RecordedAsync(IReadOnlyCollection<SessionId> sessions, CancellationToken ct);
}
