using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace StreamSpace.Kernel;

[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(string))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>The <c>error</c> member: our own shape beside RFC 9457's.</summary>
    public static JsonObject Error(string code, string text, object? details) => new()
    {
        ["code"] = code,
        ["message"] = text,
        ["details"] = details is null ? new JsonObject() : JsonSerializer.SerializeToNode(details, Json.Options),
    };
}
