using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>One thing the server depends on but can serve without (a runtime, a mail server).</summary>
public interface IHealthPart
{
    /// <summary>The part's name in the answer: <c>runtime.docker</c>.</summary>
    string Name { get; }

    /// <summary>False: nobody set it up, and nothing asks for it.</summary>
    bool IsUsed => true;

    /// <summary>Null when all is well, else a sentence. Must answer within a second.</summary>
    Task<string?> ProblemAsync(CancellationToken ct);
}

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve; 503 only when the database cannot be used.</summary>
public static class Health
{
    /// <summary>The answer of <c>/health/ready</c>.</summary>
    /// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>unavailable</c>.</param>
    /// <param name="Parts">What is not well, by name.</param>
    public sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Parts);

    /// <summary>Maps the health routes.</summary>
    public static void MapHealth(this IEndpointRouteBuilder root)
    {
        root.MapGet("/health/live", () => TypedResults.Ok(new Readiness("ok", new Dictionary<string, string>()))).Anonymous().WithTags("Health").WithSummary("The process answers");
        root.MapGet("/health/ready", ReadyAsync).Anonymous().WithTags("Health").WithSummary("The server can serve; names what is degraded");
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, Migrator migrator, IEnumerable<IHealthPart> parts, HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            await using var ask = database.CreateCommand("select 1");
            ask.CommandTimeout = 2;
            await ask.ExecuteScalarAsync(ct);
            if ((await migrator.StatusAsync(ct)).Any(s => !s.Applied))
                problems["database"] = "Migrations are pending.";
        }
        catch (NpgsqlException)
        {
            problems["database"] = "The database does not answer.";
        }

        if (problems.Count > 0)
            return TypedResults.Json(new Readiness("unavailable", problems), Json.Options, statusCode: StatusCodes.Status503ServiceUnavailable);
        foreach (var part in parts)
        {
            if (await part.ProblemAsync(ct) is { } problem)
                problems[part.Name] = problem;
        }

        return TypedResults.Json(new Readiness(problems.Count == 0 ? "ok" : "degraded", problems), Json.Options);
    }
}
