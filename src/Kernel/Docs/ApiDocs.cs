using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>The API's own description: OpenAPI 3.1 generated from the code, with each operation's permission and errors.</summary>
public static class ApiDocs
{
    internal static IServiceCollection AddApiDocs(this IServiceCollection services) => services.AddSingleton<IApiDescriptionProvider, RecordParameters>().AddOpenApi("openapi", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = type => SchemaName(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "StreamSpace", Version = "v1", Description = "Desktops and applications in the browser. Errors are application/problem+json; lists answer items and next_cursor." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            };
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas["Problem"] = ProblemSchema();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (IsId(type))
                (schema.Type, schema.Format, schema.Properties) = (JsonSchemaType.String, "uuid", null);
            // What a list of them holds is not told otherwise.
            if (context.JsonTypeInfo.ElementType is { } element && IsId(element))
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
            return Task.CompletedTask;
        });
    });

    private static bool IsId(Type type) => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));

    /// <summary>Maps the documents; the reference page is part of the web UI's files.</summary>
    public static void MapApiDocs(this IEndpointRouteBuilder root)
    {
        root.MapOpenApi("/api/docs/{documentName}.json").Anonymous();
        root.MapOpenApi("/api/docs/{documentName}.yaml").Anonymous();
        root.MapGet("/api/docs/streamspace.postman_collection.json", PostmanCollection.AnswerAsync).Anonymous().ExcludeFromDescription();
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var access = metadata.OfType<EndpointAccess>().LastOrDefault();
        operation.OperationId ??= OperationId(context.Description.HttpMethod ?? "GET", context.Description.RelativePath ?? "");
        operation.Description = access switch
        {
            { Anonymous: true } => "Needs no login.",
            { Permission: { } permission } => $"Needs `{permission.Name}`: {permission.Sentence}",
            _ => "Needs a login.",
        };
        operation.Responses ??= [];
        var errors = new List<(string Status, string Text)> { ("400", "The request is not valid; `error.details` names the field.") };
        if (access is not { Anonymous: true })
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            errors.Add(("401", "Nobody is logged in."));
            errors.Add(("403", "The caller may not."));
        }

        if (context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true)
            errors.Add(("404", "No such thing, or not the caller's to know of."));
        errors.Add(("429", "Too many requests; see Retry-After."));
        foreach (var (status, text) in errors)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) } },
            });
        }

        await Task.CompletedTask;
    }

    /// <summary><c>GET /api/v1/sessions/{id}/idle</c> is <c>getSessionsByIdIdle</c>: made from the route, so it is stable and unique.</summary>
    private static string OperationId(string method, string path)
    {
        var parts = path.Split('/', '-', '.').Where(p => p.Length > 0 && p is not ("api" or "v1"))
            .Select(p => p.StartsWith('{') ? "By" + Capital(p.Trim('{', '}').Split(':')[0]) : Capital(p));
        return method.ToLowerInvariant() + string.Concat(parts);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    // Request and Response live inside their use case: CreateSession.Request is CreateSessionRequest in the document.
    private static string? SchemaName(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            type = inner;
        if (type is { IsGenericType: true, Name: "Page`1" })
            return NameOf(type.GetGenericArguments()[0]) + "Page";
        return type.IsNested && type.Assembly.GetName().Name!.StartsWith("StreamSpace", StringComparison.Ordinal) && !type.IsEnum ? NameOf(type) : null;
    }

    private static string NameOf(Type type) => type is { IsNested: true, DeclaringType: { } outer } ? outer.Name + (type.Name == "Response" ? "Answer" : type.Name) : type.Name;

    private static OpenApiSchema ProblemSchema()
    {
        static IOpenApiSchema Text() => new OpenApiSchema { Type = JsonSchemaType.String };
        return new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "status", "title", "detail", "error", "trace_id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text(),
                ["title"] = Text(),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = Text(),
                ["instance"] = Text(),
                ["trace_id"] = Text(),
                ["error"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "code", "message" },
                    Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = Text(), ["message"] = Text(), ["details"] = new OpenApiSchema { Type = JsonSchemaType.Object } },
                },
            },
        };
    }
}
