using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Dlp;

/// <summary>Settings of data protection, section <c>Dlp</c>.</summary>
public sealed class DlpOptions
{
    /// <summary>How many days incidents and violations are kept.</summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; set; } = 365;

    /// <summary>How long one pattern may look through one text, in milliseconds; then it counts as found.</summary>
    [Range(5, 5_000)]
    public int PatternMilliseconds { get; set; } = 100;
}
