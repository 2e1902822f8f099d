namespace StreamSpace.Streaming.Quality;

/// <summary>What the line did in the last second.</summary>
/// <param name="Lag">How long pictures lay on the way at most; null when nothing was measured since the last change.</param>
/// <param name="Draining">What was sent before the last change is still on its way.</param>
/// <param name="Arrived">Everything that was sent is known to have arrived.</param>
/// <param name="Bytes">What was sent.</param>
/// <param name="Jpeg">Some of it was JPEG.</param>
/// <param name="Blurred">A part of the picture that is worth mending was sent by JPEG only.</param>
internal readonly record struct LineLook(TimeSpan? Lag, bool Draining, bool Arrived, long Bytes, bool Jpeg, bool Blurred);

/// <summary>What to do now.</summary>
internal enum QualityMove
{
    Stay,

    /// <summary>Ask for the levels of another step.</summary>
    Down,

    /// <summary>Ask for the levels of another step.</summary>
    Up,

    /// <summary>Ask for the whole picture once, as good as the viewer wants it.</summary>
    Sharpen,
}

/// <summary>
/// Chooses how good a picture is for a line, between what the viewer asked for (step 0) and a floor. Down at once when pictures lie on the way, two steps
/// when they lie long; up a step after a while without; and a step up that was wrong makes the next one wait twice as long. A picture that stands still after it was
/// sent worse than wanted is mended once. Pure: told each second, it answers.
/// </summary>
internal sealed class QualityLadder
{
    private const int Patience = 3;
    private const int LongestPatience = 60;
    private const int TooSoon = 6;

    /// <summary>Below that a second counts as still: a cursor blinks, a clock ticks.</summary>
    private const long StillBytes = 4 * 1024;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan VerySlow = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Clear = TimeSpan.FromMilliseconds(60);
    private static readonly int[] Levels = [9, 8, 6, 4, 2, 1, 0];

    private readonly (int Quality, int? Compression)[] _steps;
    private int _clear;
    private int _still;
    private int _patience = Patience;
    private int _climbedAgo = int.MaxValue;
    private bool _blurred;

    /// <param name="quality">What the viewer asked for.</param>
    /// <param name="compression">What the viewer asked for; null when it named none, and then none is asked for.</param>
    /// <param name="floor">The lowest quality to go to.</param>
    public QualityLadder(int quality, int? compression, int floor)
    {
        int[] qualities = [quality, .. Levels.Where(level => level < quality && level >= floor)];
        _steps = [.. qualities.Select((level, step) => (level, compression is { } c ? Math.Max(c, Math.Min(6, c + step)) : (int?)null))];
    }

    /// <summary>How far below what the viewer asked for; 0 for not at all.</summary>
    public int Step { get; private set; }

    /// <summary>What the viewer asked for.</summary>
    public int Best => _steps[0].Quality;

    /// <summary>What to ask the display for.</summary>
    public (int Quality, int? Compression) Now => _steps[Step];

    /// <summary>Another second has passed.</summary>
    public QualityMove Look(LineLook line)
    {
        if (_climbedAgo < int.MaxValue)
            _climbedAgo++;
        _still = line.Bytes < StillBytes && line.Arrived && !line.Draining ? _still + 1 : 0;
        _blurred |= Step > 0 && line.Jpeg;
        if (line.Lag >= Slow)
            return Sink(line.Lag >= VerySlow ? 2 : 1);
        if (_still > 0 && _blurred)
        {
            _blurred = false;
            if (line.Blurred)
                return QualityMove.Sharpen;
        }
        _clear = line.Draining || line.Lag >= Clear ? 0 : _clear + 1;
        if (Step == 0 || _clear < _patience || (_still == 0 && line.Lag is null))
            return QualityMove.Stay;
        Step--;
        _clear = 0;
        _climbedAgo = 0;
        return QualityMove.Up;
    }

    private QualityMove Sink(int steps)
    {
        _clear = 0;
        if (Step == _steps.Length - 1)
            return QualityMove.Stay;
        _patience = _climbedAgo <= TooSoon ? Math.Min(2 * _patience, LongestPatience) : Patience;
        _climbedAgo = int.MaxValue;
        Step = Math.Min(Step + steps, _steps.Length - 1);
        return QualityMove.Down;
    }
}
