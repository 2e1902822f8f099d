using System.Collections.Concurrent;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Streaming;

namespace StreamSpace.Recordings.Recorders;

/// <summary>Counts what is typed and clicked, per session and person, until the crew takes it.</summary>
internal sealed class PressCounter : ISessionTap
{
    private ConcurrentDictionary<(SessionId Session, UserId By), int> _counts = new();
    private ConcurrentDictionary<(SessionId Session, UserId By), long> _pastes = new();

    /// <summary>Whether anything is recorded anywhere; while not, nothing is counted.</summary>
    public bool Wanted { get; set; }

    public void Pressed(SessionId session, UserId by, int presses)
    {
        if (Wanted)
            _counts.AddOrUpdate((session, by), presses, (_, before) => before + presses);
    }

    public void Pasted(SessionId session, UserId by, long bytes)
    {
        if (Wanted)
            _pastes.AddOrUpdate((session, by), bytes, (_, before) => before + bytes);
    }

    /// <summary>Bytes of clipboards that came into sessions since the last time.</summary>
    public IReadOnlyCollection<KeyValuePair<(SessionId Session, UserId By), long>> TakePastes() =>
        _pastes.IsEmpty ? [] : [.. Interlocked.Exchange(ref _pastes, new())];

    /// <summary>What came since the last time.</summary>
    public IReadOnlyCollection<KeyValuePair<(SessionId Session, UserId By), int>> Take() =>
        _counts.IsEmpty ? [] : [.. Interlocked.Exchange(ref _counts, new())];
}
