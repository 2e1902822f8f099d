using System.Security.Cryptography;

namespace StreamSpace.Recordings.Upload;

/// <summary>
/// Whether the store is away, as this process last saw it, and how long nobody asks it: a second at first, twice as long after each further
/// failure, at most a minute, each between half of that and all of it, so that servers do not ask in step.
/// </summary>
internal sealed class StorePause(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _until;

    /// <summary>What is wrong and since when; null when all is well or nobody asked yet.</summary>
    public (string Text, DateTimeOffset Since)? Problem { get; private set; }

    /// <summary>How long nobody should ask.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
                return _failures == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, (_until - clock.GetUtcNow()).Ticks));
        }
    }

    /// <summary>The store answered. True when it had been away.</summary>
    public bool Well()
    {
        lock (_gate)
        {
            var was = _failures > 0;
            (_failures, Problem) = (0, null);
            return was;
        }
    }

    /// <summary>The store failed. True when it was well before. Several that fail at the same time count once.</summary>
    public bool Failed(string problem)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            Problem = (problem, Problem?.Since ?? now);
            if (_failures > 0 && now < _until)
                return false;
            _failures++;
            _until = now + After(_failures, Longest);
            return _failures == 1;
        }
    }

    /// <summary>The pause after so many failures in a row.</summary>
    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var whole = Math.Min(longest.TotalMilliseconds, 1000 * Math.Pow(2, Math.Clamp(failures - 1, 0, 20)));
        return TimeSpan.FromMilliseconds(whole / 2 + RandomNumberGenerator.GetInt32((int)(whole / 2) + 1));
    }
}
