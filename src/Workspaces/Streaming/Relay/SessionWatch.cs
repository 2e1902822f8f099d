using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Streaming.Relay;

/// <summary>What this process knows of a session that somebody here looks at; kept fresh by <see cref="Watching.RightsWatch"/>.</summary>
internal sealed class SessionWatch(SessionFacts facts)
{
    private volatile State _state = new(facts);
    private long _inputToldAt;

    /// <summary>The newest facts, and a task that ends when there are newer ones.</summary>
    public (SessionFacts Facts, Task Changed) Now
    {
        get
        {
            var state = _state; // read once: facts and task belong together
            return (state.Facts, state.Changed.Task);
        }
    }

    /// <summary>The newest phase.</summary>
    public SessionPhase Phase => _state.Facts.Phase;

    /// <summary>Takes newer facts in.</summary>
    public void Update(SessionFacts newer)
    {
        if (newer == _state.Facts)
            return;
        var before = _state;
        _state = new(newer);
        before.Changed.TrySetResult();
    }

    /// <summary>True once per <paramref name="pause"/>: input in any of the session's viewers is told once for all.</summary>
    public bool ShouldTellInput(long now, long pause)
    {
        var last = Interlocked.Read(ref _inputToldAt);
        return (last == 0 || now - last > pause) && Interlocked.CompareExchange(ref _inputToldAt, now, last) == last;
    }

    private sealed record State(SessionFacts Facts)
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
