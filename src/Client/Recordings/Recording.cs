namespace StreamSpace.Client;

/// <summary>A recording of a session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SessionId">Of which session.</param>
/// <param name="SessionName">That session's name.</param>
/// <param name="Owner">That session's owner.</param>
/// <param name="State">recording, ended or deleted.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Segments">How many segments there are.</param>
/// <param name="DurationMs">How long it plays.</param>
/// <param name="Bytes">Bytes of all segments.</param>
/// <param name="Held">It must not be deleted.</param>
/// <param name="KeepUntil">When it is deleted; null while that is not known.</param>
public sealed record Recording(
    string Id, string SessionId, string SessionName, RecordingOwner? Owner, string State, DateTimeOffset StartedAt, int Segments, long DurationMs, long Bytes, bool Held, DateTimeOffset? KeepUntil);

/// <summary>Whose session it was.</summary>
public sealed record RecordingOwner(string Id, string Username);

/// <summary>One segment of a recording.</summary>
/// <param name="Number">From 1.</param>
/// <param name="DurationMs">How long it plays.</param>
/// <param name="Bytes">Bytes of its file.</param>
/// <param name="Digest">Its digest; null while it is written.</param>
/// <param name="EndReason">next, paused, display, stopped or recovered; null while it is written.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record RecordingSegment(int Number, long DurationMs, long Bytes, string? Digest, string? EndReason, DateTimeOffset StartedAt);
