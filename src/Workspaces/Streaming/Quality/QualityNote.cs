using System.Text.Json;

namespace StreamSpace.Streaming.Quality;

/// <summary>A viewer's note to the proxy about its picture; docs/viewer-protocol.md, section 2c.</summary>
internal static class QualityNote
{
    /// <summary>True to keep what the viewer asks for, false to follow the line, null for something else.</summary>
    public static bool? Read(ReadOnlySpan<byte> note)
    {
        try
        {
            var reader = new Utf8JsonReader(note);
            using var json = JsonDocument.ParseValue(ref reader);
            return !reader.Read() && Is(json.RootElement, "type", "quality")
                ? Is(json.RootElement, "quality", "fixed") ? true : Is(json.RootElement, "quality", "auto") ? false : null
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Is(JsonElement note, string name, string word) => note.ValueKind == JsonValueKind.Object && note.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(word);
}
