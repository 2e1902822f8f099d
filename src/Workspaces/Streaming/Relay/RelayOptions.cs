using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Streaming.Relay;

/// <summary>What a relay needs from its surroundings.</summary>
/// <param name="Open">Opens a byte stream to the session's display and tells the password; throws when it cannot be reached now.</param>
/// <param name="Pressed">A key or button was pressed while the session does not run.</param>
/// <param name="InputSeen">The viewer typed or pointed; called at most every few seconds.</param>
/// <param name="PressesSeen">So many keys and buttons were pressed since the last time.</param>
/// <param name="Metrics">Where figures go.</param>
/// <param name="Clock">For pauses and latencies.</param>
/// <param name="Protection">Data protection; null where nothing is ever restricted.</param>
/// <param name="Pasted">The viewer's clipboard was passed on, with so many bytes.</param>
internal sealed record RelaySurroundings(
    Func<CancellationToken, Task<(Stream Stream, string? Password)>> Open, Action Pressed, Action InputSeen, Action<int> PressesSeen, StreamMetrics Metrics, TimeProvider Clock,
    IDataProtection? Protection = null, Action<long>? Pasted = null);

/// <summary>Times and sizes of a relay.</summary>
internal sealed record RelayTimes
{
    /// <summary>How long a viewer may take to shake hands.</summary>
    public TimeSpan ViewerHandshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt to reach the display may take.</summary>
    public TimeSpan DisplayHandshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a running session's display may be unreachable before the viewer is told.</summary>
    public TimeSpan DisplayPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a viewer has to take the close frame.</summary>
    public TimeSpan ClosePatience { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a viewer has to answer it before the connection is cut.</summary>
    public TimeSpan GoodbyePatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Input is told to the sessions at most this often.</summary>
    public TimeSpan InputPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a viewer is asked whether the watermark stands.</summary>
    public TimeSpan WatermarkAskEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a viewer that is there may owe the answer.</summary>
    public TimeSpan WatermarkPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The lowest JPEG level that a slow line is given; 9 leaves every viewer what it asked for.</summary>
    public int LowestQuality { get; init; } = 1;

    /// <summary>Largest piece that is read from a display at once.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;
}
