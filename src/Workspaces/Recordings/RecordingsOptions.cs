using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Recordings;

/// <summary>Settings of recordings, section <c>Recordings</c>.</summary>
public sealed class RecordingsOptions
{
    /// <summary>Where segments lie; replicas share it. With the store s3: where they lie until they are uploaded.</summary>
    [Required]
    public string Directory { get; set; } = "recordings";

    /// <summary>Where closed segments are kept: local, in the directory, or s3, in a bucket (Recordings:S3).</summary>
    [RegularExpression("^(local|s3)$", ErrorMessage = "Recordings:Store must be local or s3.")]
    public string Store { get; set; } = "local";

    /// <summary>Most pictures in a second that a recorder asks for.</summary>
    [Range(1, 30)]
    public int FramesPerSecond { get; set; } = 10;

    /// <summary>JPEG quality that a recorder asks for.</summary>
    [Range(0, 9)]
    public int Quality { get; set; } = 6;

    /// <summary>A new segment begins after so long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan SegmentLength { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A new segment begins after so many bytes.</summary>
    [Range(1024 * 1024, 128 * 1024 * 1024)]
    public int SegmentBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>What was recorded by hand is deleted after so many days.</summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Owners may play what was recorded by hand of their sessions.</summary>
    public bool AllowPlayback { get; set; } = true;

    /// <summary>Owners may download what was recorded by hand of their sessions.</summary>
    public bool AllowDownload { get; set; } = true;

    /// <summary>The program that makes films: a name that is looked for in the usual folders, or a whole path.</summary>
    [Required]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>A film is deleted so many hours after it was made.</summary>
    [Range(1, 24 * 365)]
    public int ExportHours { get; set; } = 24;

    internal bool Uploads => Store == "s3";
}
