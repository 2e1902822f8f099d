using System.Collections.Concurrent;
using StreamSpace.Contracts;

namespace StreamSpace.Sessions;

/// <summary>Wakes the reconciler of this process, and whoever works on a session right now, when a wish was recorded.</summary>
internal sealed class ReconcilerBell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);
    private readonly ConcurrentDictionary<SessionId, SemaphoreSlim> busy = new();

    /// <summary>Something is due.</summary>
    public void Ring() => Release(rung);

    /// <summary>Something is due, and it is about this session.</summary>
    public void Ring(SessionId session)
    {
        if (busy.TryGetValue(session, out var worker))
            Release(worker);
        else
            Ring();
    }

    /// <summary>Waits for a ring, at most that long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken ct) => rung.WaitAsync(most, ct);

    /// <summary>Marks a session as worked on; rings for it go to the worker. Null when this process works on it already.</summary>
    public SemaphoreSlim? Enter(SessionId session)
    {
        var worker = new SemaphoreSlim(0, 1);
        return busy.TryAdd(session, worker) ? worker : null;
    }

    /// <summary>The work on it is done.</summary>
    public void Leave(SessionId session)
    {
        busy.TryRemove(session, out _);
        Ring();
    }

    public bool IsBusy(SessionId session) => busy.ContainsKey(session);

    public void Dispose() => rung.Dispose();

    private static void Release(SemaphoreSlim bell)
    {
        try
        {
            if (bell.CurrentCount == 0)
                bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else rang in the same moment.
        }
    }
}
