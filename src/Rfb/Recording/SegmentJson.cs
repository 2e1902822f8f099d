using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Rfb.Recording;

/// <summary>What a segment is: the content of its first chunk.</summary>
/// <param name="Version">1.</param>
/// <param name="Recording">Id of the recording.</param>
/// <param name="Session">Id of the session.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="StartedAt">Chunks count their milliseconds from here.</param>
/// <param name="Width">Pixels at the beginning.</param>
/// <param name="Height">Pixels at the beginning.</param>
/// <param name="PixelFormat">How pixels are written.</param>
/// <param name="Previous">Digest of the segment before, 64 hex digits; null in the first.</param>
public sealed record SegmentHeader(
    int Version, string Recording, string Session, int Number, DateTimeOffset StartedAt, int Width, int Height, RecordedFormat PixelFormat, string? Previous = null);

/// <summary>A pixel format as the header writes it.</summary>
/// <param name="BitsPerPixel">8, 16 or 32.</param>
/// <param name="Depth">Useful bits.</param>
/// <param name="BigEndian">Byte order.</param>
/// <param name="RedShift">Bits right of red.</param>
/// <param name="GreenShift">Bits right of green.</param>
/// <param name="BlueShift">Bits right of blue.</param>
public sealed record RecordedFormat(int BitsPerPixel, int Depth, bool BigEndian, int RedShift, int GreenShift, int BlueShift)
{
    /// <summary>The format as the header writes it.</summary>
    public static RecordedFormat Of(PixelFormat format) =>
        new(format.BitsPerPixel, format.Depth, format.BigEndian, format.RedShift, format.GreenShift, format.BlueShift);
}

/// <summary>Something that happened beside the picture. Never the content of a key or of a clipboard.</summary>
/// <param name="Type"><c>viewer.came</c>, <c>viewer.went</c>, <c>input</c> or <c>clipboard</c>.</param>
/// <param name="User">Id of the person; null when it is not known.</param>
/// <param name="Presses">How many keys and pointer buttons were pressed in this second.</param>
/// <param name="Direction"><c>from_session</c> or <c>to_session</c>.</param>
/// <param name="Bytes">Length of the clipboard's text.</param>
public sealed record RecordedEvent(string Type, string? User = null, int? Presses = null, string? Direction = null, long? Bytes = null);

/// <summary>What a reader wants to know before it reads: the content of the chunk before the last.</summary>
/// <param name="DurationMs">Time of the last chunk before the index.</param>
/// <param name="DisplayBytes">Bytes of all display chunks.</param>
/// <param name="Activity">Display bytes in each second.</param>
/// <param name="Input">Keys and pointer buttons in each second.</param>
/// <param name="Events">What happened, with the place of its chunk.</param>
/// <param name="EventsLeftOut">Events beyond those that a segment keeps.</param>
public sealed record SegmentIndex(
    long DurationMs, long DisplayBytes, IReadOnlyList<long> Activity, IReadOnlyList<int> Input, IReadOnlyList<IndexedEvent> Events, int EventsLeftOut);

/// <summary>An event's place.</summary>
/// <param name="At">Milliseconds from the segment's start.</param>
/// <param name="Offset">Where its chunk begins in the file.</param>
/// <param name="Type">The event's type.</param>
public sealed record IndexedEvent(long At, long Offset, string Type);

/// <summary>How a segment ended: the content of its last chunk.</summary>
/// <param name="Reason"><c>next</c> (another one follows at once), <c>paused</c>, <c>stopped</c>, <c>display</c> (it went away) or <c>recovered</c> (closed by another process than the one that wrote it).</param>
public sealed record SegmentEnd(string Reason);

/// <summary>The JSON of segments: snake_case, nothing unnecessary, strangers' members let be.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SegmentHeader))]
[JsonSerializable(typeof(RecordedEvent))]
[JsonSerializable(typeof(SegmentIndex))]
[JsonSerializable(typeof(SegmentEnd))]
public sealed partial class SegmentJson : JsonSerializerContext;
