using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace StreamSpace.Kernel;

/// <summary>Turns failures into <c>application/problem+json</c>; the only place where a kind becomes a status.</summary>
public static class FailureHttp
{
    /// <summary>The HTTP status of a kind.</summary>
    public static int Status(this FailureKind kind) => kind switch
    {
        FailureKind.Invalid => StatusCodes.Status400BadRequest,
        FailureKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        FailureKind.Denied => StatusCodes.Status403Forbidden,
        FailureKind.Missing => StatusCodes.Status404NotFound,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        FailureKind.Unsupported => StatusCodes.Status415UnsupportedMediaType,
        FailureKind.Refused => StatusCodes.Status422UnprocessableEntity,
        FailureKind.Exhausted => StatusCodes.Status429TooManyRequests,
        FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The answer of a handler that failed.</summary>
    public static FailureResult ToHttp(this Failure failure) => new(failure);

    /// <summary>Writes a failure from middleware, where no handler's result exists. Does nothing once the answer has begun.</summary>
    public static Task WriteAsync(this Failure failure, HttpContext context) => WriteAsync(context, ToProblem(failure.Kind.Status(), failure.Code, failure.Text, failure.Details, failure.RetryAfter));

    /// <summary>Writes a failure under a status that routing has decided already (404, 405, 415).</summary>
    internal static Task WriteAsync(this Failure failure, HttpContext context, int status) => WriteAsync(context, ToProblem(status, failure.Code, failure.Text, failure.Details, failure.RetryAfter));

    /// <summary>Writes the answer to a bug: a trace id and nothing else.</summary>
    public static Task WriteBugAsync(HttpContext context) => WriteAsync(
        context,
        ToProblem(500, "INTERNAL_ERROR", "The server failed to answer this request. It was logged; name the trace id when you report it.", null, null));

    private static void Complete(HttpContext context, ProblemDetails problem)
    {
        problem.Instance ??= context.Request.Path;
        problem.Extensions["trace_id"] = TraceId(context);
        if (problem.Extensions.Remove("retry_after", out var seconds) && seconds is int wait)
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The id under which this request stands in the log.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    private static async Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        if (context.Response.HasStarted)
            return;
        context.Response.StatusCode = problem.Status!.Value;
        Complete(context, problem);
        await context.Response.WriteAsJsonAsync(problem, ProblemJson.Default.ProblemDetails, "application/problem+json", CancellationToken.None);
    }

    private static ProblemDetails ToProblem(int status, string code, string text, object? details, TimeSpan? retryAfter)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Title = Titles.GetValueOrDefault(status, "Failed"),
            Type = $"https://streamspace.dev/errors/{code.ToLowerInvariant().Replace('_', '-')}",
            Detail = text,
        };
        problem.Extensions["error"] = ProblemJson.Error(code, text, details);
        if (retryAfter is { } wait)
            problem.Extensions["retry_after"] = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return problem;
    }

    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "The request is not valid",
        [401] = "Not logged in",
        [403] = "Not allowed",
        [404] = "Not found",
        [405] = "Method not allowed",
        [409] = "Conflict with the current state",
        [413] = "Too large",
        [415] = "Content type not supported",
        [422] = "Refused by quota or policy",
        [429] = "Too many requests",
        [500] = "Internal error",
        [503] = "Not available right now",
    };
}

/// <summary>A handler's answer that carries a <see cref="Failure"/>.</summary>
/// <param name="failure">What went wrong.</param>
public sealed class FailureResult(Failure failure) : IResult, IStatusCodeHttpResult
{
    /// <summary>What went wrong.</summary>
    public Failure Failure { get; } = failure;

    /// <inheritdoc/>
    public int? StatusCode => Failure.Kind.Status();

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => Failure.WriteAsync(httpContext);
}
