using System.Collections.Concurrent;
using StreamSpace.Contracts;

namespace StreamSpace.Runtimes.Local.Lifecycle;

/// <summary>One change of a session at a time; other sessions go on meanwhile.</summary>
internal sealed class SessionGates
{
    private readonly ConcurrentDictionary<SessionId, Gate> _gates = new();

    public async Task<IDisposable> EnterAsync(SessionId session, CancellationToken ct)
    {
        while (true)
        {
            var gate = _gates.GetOrAdd(session, static _ => new Gate());
            await gate.Turn.WaitAsync(ct);
            if (!gate.Gone)
                return new Leave(this, session, gate);
            gate.Turn.Release();
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public bool Gone { get; set; }
    }

    private sealed class Leave(SessionGates gates, SessionId session, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            // Whoever comes first after this makes a new gate; who waits at this one tries again.
            gate.Gone = true;
            gates._gates.TryRemove(session, out _);
            gate.Turn.Release();
        }
    }
}
