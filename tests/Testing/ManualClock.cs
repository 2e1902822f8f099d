namespace StreamSpace.Testing;

/// <summary>
/// A clock whose time of day is moved by hand, on top of the real one that goes on ticking: hours pass at once, and what measures durations or
/// waits a moment still works.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private long ahead;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref ahead, time.Ticks);
}
