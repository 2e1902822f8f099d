using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamSpace.Kernel;

/// <summary>What happens between binding and handler: validation, idempotency, and the audit around both.</summary>
public static partial class EndpointFilters
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the filters to a group of endpoints.</summary>
    public static RouteGroupBuilder WithRules(this RouteGroupBuilder group)
    {
        group.AddEndpointFilterFactory(Validation.Filter);
        group.AddEndpointFilter(Idempotency.FilterAsync);
        group.AddEndpointFilter(AuditAsync);
        return group;
    }

    private static async ValueTask<object?> AuditAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointAudit>() is not { } audited)
            return await next(call);
        object? result;
        try
        {
            result = await next(call);
        }
        catch (Exception e)
        {
            await WriteFailedAsync(context, EntryOf(context, audited, StatusOf(context, e), failed: true));
            throw;
        }

        var status = (result is INestedHttpResult nested ? nested.Result : result) is IStatusCodeHttpResult { StatusCode: { } code } ? code : StatusCodes.Status200OK;
        // The state is changed already, so the entry is written even if the caller has gone meanwhile.
        await context.RequestServices.GetRequiredService<IAuditTrail>().WriteAsync(EntryOf(context, audited, status, failed: false), CancellationToken.None);
        return result;
    }

    private static AuditEntry EntryOf(HttpContext context, EndpointAudit audited, int status, bool failed)
    {
        var caller = context.Features.Get<ICaller>();
        var scope = context.RequestServices.GetRequiredService<AuditScope>();
        return new AuditEntry(
            audited.Action, scope.Actor?.Id ?? caller?.Id, scope.Actor?.Name ?? caller?.Name ?? "", scope.Resource ?? context.Request.Path.ToString(),
            failed ? "failed" : status switch { < 400 => "ok", 401 or 403 => "denied", < 500 => "refused", _ => "failed" }, status,
            context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString(), FailureHttp.TraceId(context), scope.Changes);
    }

    /// <summary>The status that the caller is about to be told (see <see cref="RequestLog"/> and the timeout's answer).</summary>
    private static int StatusOf(HttpContext context, Exception e) => e switch
    {
        OperationCanceledException when context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        _ => RequestLog.Expected(e)?.Kind.Status() ?? StatusCodes.Status500InternalServerError,
    };

    // How far a handler came that threw nobody knows, so the attempt must stand in the audit. The database may be the very thing that failed:
    // then the log keeps the entry, and the caller is told of the first failure, soon.
    private static async Task WriteFailedAsync(HttpContext context, AuditEntry entry)
    {
        using var patience = new CancellationTokenSource(MostPatience);
        try
        {
            await context.RequestServices.GetRequiredService<IAuditTrail>().WriteAsync(entry, patience.Token);
        }
        catch (Exception e)
        {
            LogUnaudited(context.RequestServices.GetRequiredService<ILogger<RequestLog>>(), entry.Action, entry.ActorName, entry.Resource, entry.Status, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit could not keep that {Action} by {Actor} on {Resource} failed with {Status}")]
    private static partial void LogUnaudited(ILogger log, string action, string actor, string resource, int status, Exception e);
}
