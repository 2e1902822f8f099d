using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>The API's JSON as a client reads it: snake_case, and forgiving of members that a newer server adds.</summary>
public static class ClientJson
{
    /// <summary>For bodies of requests and answers.</summary>
    public static JsonSerializerOptions Options { get; } = Create(JsonNamingPolicy.SnakeCaseLower);

    /// <summary>For the realtime envelope, the one place in camelCase.</summary>
    public static JsonSerializerOptions Envelope { get; } = Create(JsonNamingPolicy.CamelCase);

    private static JsonSerializerOptions Create(JsonNamingPolicy naming)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = naming,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
