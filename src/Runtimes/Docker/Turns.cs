using StreamSpace.Contracts;

namespace StreamSpace.Runtimes.Docker;

/// <summary>One change at a time per session, so that a freeze cannot slip between the steps of a stop.</summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionId, Turn> _turns = [];

    public async Task<IDisposable> TakeAsync(SessionId session, CancellationToken ct)
    {
        Turn turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(session, out turn!))
                _turns[session] = turn = new(this, session);
            turn.Waiting++;
        }

        try
        {
            await turn.Door.WaitAsync(ct);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Waiting > 0)
                return;
            _turns.Remove(turn.Session);
            turn.Door.Dispose();
        }
    }

    private sealed class Turn(Turns owner, SessionId session) : IDisposable
    {
        public SessionId Session { get; } = session;

        public SemaphoreSlim Door { get; } = new(1, 1);

        public int Waiting { get; set; }

        public void Dispose()
        {
            Door.Release();
            owner.Leave(this);
        }
    }
}
