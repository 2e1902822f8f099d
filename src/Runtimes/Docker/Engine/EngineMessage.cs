using System.Text.Json;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>The engine says why in <c>{"message": "..."}</c>.</summary>
internal static class EngineMessage
{
    public static string? Read(string body)
    {
        // An error on a hijacked connection may come chunked: the object is still in there.
        var start = body.IndexOf('{', StringComparison.Ordinal);
        var end = body.LastIndexOf('}');
        if (start < 0 || end < start)
            return null;
        try
        {
            return JsonSerializer.Deserialize(body[start..(end + 1)], EngineJson.Default.EngineError)?.Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
