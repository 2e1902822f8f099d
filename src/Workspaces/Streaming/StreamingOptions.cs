using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Streaming;

/// <summary>Settings of the stream proxy, section <c>Streaming</c>.</summary>
public sealed class StreamingOptions
{
    /// <summary>Most viewers of one session at once.</summary>
    [Range(1, 10_000)]
    public int MaxViewersPerSession { get; set; } = 20;

    /// <summary>How long a ticket may lie before it is used.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TicketLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a viewer is pinged and a display measured.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PingEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A viewer that answers nothing for so long is gone.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan SilentFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a running session's display may be unreachable before its viewers are told.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DisplayPatience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A second in which a viewer is sent at least so much counts as a moving picture. A film sends hundreds of KiB, a cursor or a clock hardly one. 0: pictures never count.</summary>
    [Range(0, 1 << 30)]
    public int PictureBytesPerSecond { get; set; } = 32 * 1024;

    /// <summary>A picture that moves for so long before a viewer keeps its session awake; it is told that often while it goes on.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan PictureSustainedFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The lowest JPEG quality (0 to 9) that viewers on slow lines are given when they leave it to the proxy. 9: nobody's quality is changed.</summary>
    [Range(0, 9)]
    public int LowestQuality { get; set; } = 1;

    /// <summary>Whether sessions' cards show small pictures of their displays, to those who may look at them.</summary>
    public bool Thumbnails { get; set; } = true;

    /// <summary>Where files on their way into and out of sessions wait until they are checked; needs as much room as the largest files that are on their way at once.</summary>
    [Required]
    public string WaitingRoom { get; set; } = "waiting";

    /// <summary>Largest file in bytes that may be uploaded, or downloaded where it must be scanned; policies may say less.</summary>
    [Range(1L, 1L << 50)]
    public long MaxFileBytes { get; set; } = 10L << 30;

    /// <summary>How many files of one person may be on their way at once.</summary>
    [Range(1, 1000)]
    public int MaxTransfersPerPerson { get; set; } = 8;

    /// <summary>How often a viewer whose picture has a watermark is asked whether it stands.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WatermarkAskEvery { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A viewer that is there and does not confirm the watermark for so long is stopped, and that is a violation.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan WatermarkPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A replica that gave no sign for so long is dead, and so are its viewers.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan ReplicaSilentFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every login and right behind an open socket is looked at again this often, even if no event told of a change.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RecheckEvery { get; set; } = TimeSpan.FromSeconds(30);
}
