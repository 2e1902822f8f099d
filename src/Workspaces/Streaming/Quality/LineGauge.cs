namespace StreamSpace.Streaming.Quality;

/// <summary>
/// How long pictures lie on the way to a viewer, beyond the way itself. Pings are sent right behind pictures: such a ping waits, in the socket's buffers and
/// in the network, until what is in front of it has left, wherever on the way the narrow place is. Several loops use it at once.
/// </summary>
internal sealed class LineGauge(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(30);

    // A way that was never seen empty is not taken for one that is slow by nature.
    private static readonly TimeSpan LongestWay = TimeSpan.FromMilliseconds(800);
    private long _from = clock.GetTimestamp();
    private long _out;
    private long _last;
    private long _worst = -1;
    private volatile bool _owes;

    /// <summary>Whether a ping behind the picture that was just sent would tell something.</summary>
    public bool Due => Interlocked.Read(ref _out) is var standing
        && (standing == 0 || clock.GetElapsedTime(standing) > Lost)
        && (Interlocked.Read(ref _last) is var last && (last == 0 || clock.GetElapsedTime(last) >= Pause));

    /// <summary>Pictures were sent behind the last ping: before another one has come back nobody knows whether they have arrived.</summary>
    public bool Owes { get => _owes; set => _owes = value; }

    /// <summary>A ping goes out now.</summary>
    /// <returns>Its stamp.</returns>
    public long Start()
    {
        var now = clock.GetTimestamp();
        _owes = false;
        Interlocked.Exchange(ref _out, now);
        Interlocked.Exchange(ref _last, now);
        return now;
    }

    /// <summary>A ping came back.</summary>
    /// <param name="stamp">When it was sent.</param>
    /// <param name="took">How long it was away.</param>
    /// <param name="way">The shortest that one ever took.</param>
    public void Answered(long stamp, TimeSpan took, TimeSpan way)
    {
        if (stamp >= Interlocked.Read(ref _from))
            Raise(Lag(took, way).Ticks);
        if (stamp >= Interlocked.Read(ref _out))
            Interlocked.Exchange(ref _out, 0);
    }

    /// <summary>Something was changed: only what is sent from now on tells whether it helped.</summary>
    public void StartOver()
    {
        Interlocked.Exchange(ref _from, clock.GetTimestamp());
        Interlocked.Exchange(ref _worst, -1);
    }

    /// <summary>The longest since the last time, still waiting ones included.</summary>
    /// <param name="way">The shortest that a ping ever took.</param>
    /// <param name="stuck">How long the piece that is on its way to the socket has been so.</param>
    /// <returns>Null when nothing was measured; and whether something from before is still on its way.</returns>
    public (TimeSpan? Lag, bool Draining) Take(TimeSpan way, TimeSpan stuck)
    {
        var from = Interlocked.Read(ref _from);
        if (stuck > TimeSpan.Zero)
            Raise(Min(stuck, clock.GetElapsedTime(from)).Ticks);
        var draining = false;
        if (Interlocked.Read(ref _out) is > 0 and var standing && Lag(clock.GetElapsedTime(standing), way) is var waits && waits > TimeSpan.Zero)
        {
            draining = true;
            if (standing >= from)
                Raise(waits.Ticks);
        }
        var worst = Interlocked.Exchange(ref _worst, -1);
        return (worst < 0 ? null : TimeSpan.FromTicks(worst), draining || stuck > TimeSpan.Zero);
    }

    private static TimeSpan Lag(TimeSpan took, TimeSpan way) => took - Min(way, LongestWay) is var lag && lag > TimeSpan.Zero ? lag : TimeSpan.Zero;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Raise(long ticks)
    {
        for (var seen = Interlocked.Read(ref _worst); seen < ticks; seen = Interlocked.Read(ref _worst))
        {
            if (Interlocked.CompareExchange(ref _worst, ticks, seen) == seen)
                return;
        }
    }
}
