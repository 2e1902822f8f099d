using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Gives each request its id, writes one line for it, and turns whatever escaped into an answer.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log, RequestMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        context.Response.Headers["X-Request-Id"] = FailureHttp.TraceId(context);
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                await Explain(context.Response.StatusCode).WriteAsync(context, context.Response.StatusCode);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = 499;
        }
        catch (Exception e) when (Expected(e) is { } failure)
        {
            await failure.WriteAsync(context);
        }
        catch (Exception e)
        {
            LogBug(log, context.Request.Method, context.Request.Path, e);
            await FailureHttp.WriteBugAsync(context);
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            var route = (context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "-";
            metrics.Seen(context.Request.Method, route, context.Response.StatusCode, elapsed);
            // The path only: query strings may carry tickets.
            LogRequest(log, context.Request.Method, context.Request.Path, context.Response.StatusCode, elapsed.TotalMilliseconds);
        }
    }

    /// <summary>What an exception that is no bug of ours means to the caller; null for a bug.</summary>
    internal static Failure? Expected(Exception e) => e switch
    {
        BadHttpRequestException { InnerException: JsonException json } => BadJson(json),
        BadHttpRequestException bad => bad.StatusCode switch
        {
            413 => new(FailureKind.TooLarge, "BODY_TOO_LARGE", "The request body is too large."),
            415 => new(FailureKind.Unsupported, "UNSUPPORTED_CONTENT_TYPE", "Send the body as application/json."),
            _ => BadArgument(bad),
        },
        DbUpdateConcurrencyException => new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed it in the meantime. Load it again and repeat your change."),
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } } =>
            new(FailureKind.Invalid, "VALIDATION_ERROR", "The request contains a character (NUL) that no text may contain."),
        NpgsqlException { IsTransient: true } or DbUpdateException { InnerException: NpgsqlException { IsTransient: true } } or InvalidOperationException { InnerException: NpgsqlException { IsTransient: true } } =>
            new(FailureKind.Unavailable, "DATABASE_UNAVAILABLE", "The database does not answer right now. Try again in a moment.", RetryAfter: TimeSpan.FromSeconds(5)),
        _ => null,
    };

    private static Failure BadJson(JsonException e)
    {
        var field = e.Path is { Length: > 2 } path ? path[2..] : "body";
        const string missing = "missing required properties";
        if (e.Message.Contains(missing, StringComparison.Ordinal))
        {
            var names = e.Message.Split('\'').Where((_, i) => i % 2 == 1).Skip(1).ToArray();
            return names.Length > 0 ? Failure.Fields([.. names.Select(n => new FieldIssue(n, "is required."))]) : Failure.Field(field, "lacks a required member.");
        }

        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return Failure.Field(e.Message.Split('\'') is [_, var name, ..] ? name : field, "is not a field of this request.");
        return Failure.Field(field, "cannot be read: it is not the JSON that is expected here.");
    }

    private static Failure BadArgument(BadHttpRequestException e)
    {
        // "Failed to bind parameter "Guid id" from "x"." and "Required parameter "..." was not provided ...": the name is the last word in the first quotes.
        var quoted = e.Message.Split('"');
        return quoted.Length > 1
            ? Failure.Field(SnakeCase.Of(quoted[1].Split(' ')[^1]), e.Message.StartsWith("Required", StringComparison.Ordinal) ? "is required." : "has the wrong form.")
            : new Failure(FailureKind.Invalid, "BAD_REQUEST", "The request cannot be read.");
    }

    private static Failure Explain(int status) => status switch
    {
        404 => new(FailureKind.Missing, "NOT_FOUND", "There is nothing at this address."),
        405 => new(FailureKind.Invalid, "METHOD_NOT_ALLOWED", "This address does not take this HTTP method."),
        413 => new(FailureKind.TooLarge, "BODY_TOO_LARGE", "The request body is too large."),
        415 => new(FailureKind.Unsupported, "UNSUPPORTED_CONTENT_TYPE", "Send the body as application/json."),
        401 => new(FailureKind.Unauthenticated, "NOT_LOGGED_IN", "Log in first."),
        403 => new(FailureKind.Denied, "NOT_ALLOWED", "You may not do this."),
        503 => new(FailureKind.Unavailable, "UNAVAILABLE", "Not available right now.", RetryAfter: TimeSpan.FromSeconds(5)),
        _ => new(FailureKind.Invalid, "BAD_REQUEST", "The request cannot be answered."),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} {Status} in {Milliseconds} ms")]
    private static partial void LogRequest(ILogger log, string method, PathString path, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} met a bug")]
    private static partial void LogBug(ILogger log, string method, PathString path, Exception e);
}
