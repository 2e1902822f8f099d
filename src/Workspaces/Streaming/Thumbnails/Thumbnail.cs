using StreamSpace.Contracts;

namespace StreamSpace.Streaming.Thumbnails;

/// <summary>The last small picture of a session.</summary>
internal sealed class Thumbnail
{
    public SessionId SessionId { get; init; }

    public DateTimeOffset TakenAt { get; set; }

    /// <summary>A JPEG file in base64, sealed: it may show anything a person had on the screen.</summary>
    public string Picture { get; set; } = "";
}
