using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Kernel;

/// <summary>The one JSON dialect of the API: snake_case keys and enum values, unknown and missing members refused.</summary>
public static class Json
{
    /// <summary>Shared options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The dialect of stored events: like the API's, but unknown members are let be, so that an older reader survives newer events.</summary>
    public static JsonSerializerOptions EventOptions { get; } = CreateForEvents();

    /// <summary>Puts the dialect into options that somebody else owns (ASP.NET's).</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 16;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static JsonSerializerOptions CreateForEvents()
    {
        var options = new JsonSerializerOptions(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, RespectRequiredConstructorParameters = false };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
