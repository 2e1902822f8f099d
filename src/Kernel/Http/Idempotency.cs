using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>
/// A write with an <c>Idempotency-Key</c> happens once: the answer is kept for a day and given again to the same caller.
/// The same key with another request is refused; while the first still runs, the second is told to wait.
/// </summary>
internal static class Idempotency
{
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        var caller = context.Features.Get<ICaller>();
        if (key.Length == 0 || caller?.Id is null || HttpMethods.IsGet(context.Request.Method))
            return await next(call);
        if (key.Length > 200)
            return Failure.Field("Idempotency-Key", "may have at most 200 characters.").ToHttp();

        var who = caller.Id.Value.ToString();
        var hash = HashOf(call);
        var database = context.RequestServices.GetRequiredService<NpgsqlDataSource>();
        if (!await ClaimAsync(database, who, key, hash, context.RequestAborted))
            return await ReplayAsync(database, who, key, hash, context.RequestAborted);

        var kept = false;
        try
        {
            var result = await next(call);
            var answer = result switch
            {
                INestedHttpResult nested => nested.Result,
                IResult plain => plain,
                _ => TypedResults.Ok(result),
            };
            var keeps = context.GetEndpoint()?.Metadata.GetMetadata<EndpointAnswersSecrets>() is null;
            return new KeptResult(answer, database, who, key, keeps);
        }
        catch
        {
            kept = true;
            throw;
        }
        finally
        {
            if (kept)
                await ForgetAsync(database, who, key);
        }
    }

    private static async Task<bool> ClaimAsync(NpgsqlDataSource database, string who, string key, string hash, CancellationToken ct)
    {
        await using var claim = database.CreateCommand(
            """
            insert into kernel.idempotency_keys(caller, key, request_hash) values ($1, $2, $3)
            on conflict (caller, key) do update set request_hash = $3, status = null, body = null, created_at = now()
              where kernel.idempotency_keys.created_at < now() - interval '1 day'
                 or (kernel.idempotency_keys.status is null and kernel.idempotency_keys.created_at < now() - interval '2 minutes')
            """);
        claim.Parameters.Add(new() { Value = who });
        claim.Parameters.Add(new() { Value = key });
        claim.Parameters.Add(new() { Value = hash });
        return await claim.ExecuteNonQueryAsync(ct) == 1;
    }

    private static async Task<IResult> ReplayAsync(NpgsqlDataSource database, string who, string key, string hash, CancellationToken ct)
    {
        await using var read = database.CreateCommand("select request_hash, status, content_type, location, body from kernel.idempotency_keys where caller = $1 and key = $2");
        read.Parameters.Add(new() { Value = who });
        read.Parameters.Add(new() { Value = key });
        await using var row = await read.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || await row.IsDBNullAsync(1, ct))
            return new Failure(FailureKind.Conflict, "STILL_RUNNING", "The first request with this Idempotency-Key is still being worked on.", RetryAfter: TimeSpan.FromSeconds(1)).ToHttp();
        if (row.GetString(0) != hash)
            return new Failure(FailureKind.Refused, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used for another request. Use a new one.").ToHttp();
        return new ReplayedResult(
            row.GetInt32(1), await row.IsDBNullAsync(2, ct) ? null : row.GetString(2), await row.IsDBNullAsync(3, ct) ? null : row.GetString(3), row.GetFieldValue<byte[]>(4));
    }

    internal static async Task ForgetAsync(NpgsqlDataSource database, string who, string key)
    {
        await using var forget = database.CreateCommand("delete from kernel.idempotency_keys where caller = $1 and key = $2");
        forget.Parameters.Add(new() { Value = who });
        forget.Parameters.Add(new() { Value = key });
        await forget.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static string HashOf(EndpointFilterInvocationContext call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{call.HttpContext.Request.Method} {call.HttpContext.Request.Path}{call.HttpContext.Request.QueryString}\n"));
        foreach (var argument in call.Arguments.Where(a => a?.GetType().GetMethod("<Clone>$") is not null && a.GetType().Name.EndsWith("Request", StringComparison.Ordinal)))
            hash.AppendData(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(argument, argument!.GetType(), Json.Options));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the answer and keeps a copy of it. Server errors are not kept: trying again must be able to help.</summary>
    private sealed class KeptResult(IResult answer, NpgsqlDataSource database, string who, string key, bool keeps) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => (answer as IStatusCodeHttpResult)?.StatusCode;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var body = httpContext.Response.Body;
            using var copy = new MemoryStream();
            httpContext.Response.Body = copy;
            try
            {
                await answer.ExecuteAsync(httpContext);
            }
            finally
            {
                httpContext.Response.Body = body;
            }

            // A secret is shown once and stored nowhere: a repetition then finds what the first request made, and is told so (409).
            if (httpContext.Response.StatusCode >= 500 || !keeps)
                await ForgetAsync(database, who, key);
            else
                await KeepAsync(httpContext, copy.ToArray());
            copy.Position = 0;
            await copy.CopyToAsync(body, httpContext.RequestAborted);
        }

        private async Task KeepAsync(HttpContext context, byte[] body)
        {
            await using var keep = database.CreateCommand("update kernel.idempotency_keys set status = $3, content_type = $4, location = $5, body = $6 where caller = $1 and key = $2");
            keep.Parameters.Add(new() { Value = who });
            keep.Parameters.Add(new() { Value = key });
            keep.Parameters.Add(new() { Value = context.Response.StatusCode });
            keep.Parameters.Add(new() { Value = (object?)context.Response.ContentType ?? DBNull.Value });
            keep.Parameters.Add(new() { Value = context.Response.Headers.Location is { Count: > 0 } location ? location.ToString() : DBNull.Value });
            keep.Parameters.Add(new() { Value = body });
            await keep.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private sealed class ReplayedResult(int status, string? contentType, string? location, byte[] body) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = contentType;
            httpContext.Response.Headers["Idempotency-Replayed"] = "true";
            if (location is not null)
                httpContext.Response.Headers.Location = location;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
