using System.Net;
using System.Text.Json;

namespace StreamSpace.Client;

/// <summary>Turns an answer that is no success into a <see cref="ClientFailure"/>.</summary>
internal static class ProblemReader
{
    public static async Task<ClientFailure> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var retry = answer.Headers.RetryAfter?.Delta;
        var text = await answer.Content.ReadAsStringAsync(ct);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                return new ClientFailure(answer.StatusCode, Text(error, "code") ?? Fallback(answer.StatusCode), Text(error, "message") ?? Text(problem, "detail") ?? Sentence(answer.StatusCode))
                {
                    TraceId = Text(problem, "trace_id"),
                    Fields = Fields(error),
                    RetryAfter = retry,
                };
            }
        }
        catch (JsonException)
        {
            // Not our server's words: a proxy in between, or another server altogether.
        }

        return new ClientFailure(answer.StatusCode, Fallback(answer.StatusCode), Sentence(answer.StatusCode)) { RetryAfter = retry };
    }

    private static FieldIssue[] Fields(JsonElement error)
    {
        if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Object)
            return [];
        if (details.TryGetProperty("errors", out var several) && several.ValueKind == JsonValueKind.Array)
            return [.. several.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(Issue)];
        return details.TryGetProperty("field", out _) ? [Issue(details)] : [];
    }

    private static FieldIssue Issue(JsonElement detail) => new(Text(detail, "field") ?? "", Text(detail, "issue") ?? "");

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Fallback(HttpStatusCode status) => "HTTP_" + (int)status;

    private static string Sentence(HttpStatusCode status) => $"The server answered {(int)status} and did not say why. Is this really a StreamSpace server?";
}
