using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace StreamSpace.Kernel;

/// <summary>The same description as a Postman collection (format v2.1.0), one folder per tag.</summary>
internal static class PostmanCollection
{
    public static async Task AnswerAsync(HttpContext context, CancellationToken ct)
    {
        var document = await context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>("openapi").GetOpenApiDocumentAsync(ct);
        var folders = new SortedDictionary<string, JsonArray>(StringComparer.Ordinal);
        foreach (var (path, item) in document.Paths)
        {
            foreach (var (method, operation) in item.Operations ?? [])
            {
                var folder = operation.Tags?.FirstOrDefault()?.Name ?? "Other";
                if (!folders.TryGetValue(folder, out var items))
                    folders[folder] = items = [];
                items.Add(Request(path, method.Method, operation));
            }
        }

        var collection = new JsonObject
        {
            ["info"] = new JsonObject { ["name"] = "StreamSpace", ["schema"] = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
            ["auth"] = new JsonObject { ["type"] = "bearer", ["bearer"] = new JsonArray(new JsonObject { ["key"] = "token", ["value"] = "{{access_token}}", ["type"] = "string" }) },
            ["variable"] = new JsonArray(Variable("base_url", "http://localhost:8080"), Variable("access_token", "")),
            ["item"] = new JsonArray([.. folders.Select(f => (JsonNode)new JsonObject { ["name"] = f.Key, ["item"] = f.Value })]),
        };
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(collection.ToJsonString(), ct);
    }

    private static JsonObject Request(string path, string method, OpenApiOperation operation)
    {
        var request = new JsonObject
        {
            ["method"] = method.ToUpperInvariant(),
            ["url"] = "{{base_url}}" + path.Replace("{", ":").Replace("}", ""),
            ["description"] = operation.Description,
        };
        if (operation.RequestBody is not null)
        {
            request["header"] = new JsonArray(new JsonObject { ["key"] = "Content-Type", ["value"] = "application/json" });
            request["body"] = new JsonObject { ["mode"] = "raw", ["raw"] = "{}" };
        }

        return new() { ["name"] = operation.Summary ?? operation.OperationId, ["request"] = request };
    }

    private static JsonObject Variable(string key, string value) => new() { ["key"] = key, ["value"] = value };
}
