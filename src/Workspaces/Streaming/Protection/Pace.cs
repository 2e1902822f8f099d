namespace StreamSpace.Streaming.Protection;

/// <summary>Counts what passed in the last stretch of time. Not for several threads at once.</summary>
internal sealed class Pace(TimeProvider clock, TimeSpan stretch)
{
    private readonly Queue<long> _passed = new();

    /// <summary>True, and counted, when fewer than <paramref name="most"/> passed in the last stretch.</summary>
    public bool Take(int most)
    {
        var now = clock.GetTimestamp();
        while (_passed.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= stretch)
            _passed.Dequeue();
        if (_passed.Count >= most)
            return false;
        _passed.Enqueue(now);
        return true;
    }
}
