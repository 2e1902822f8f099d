using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace StreamSpace.Kernel;

/// <summary>Deny by default: an API endpoint that declares nothing is closed, and every refusal is audited.</summary>
internal sealed class PermissionCheck(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var access = endpoint?.Metadata.GetMetadata<EndpointAccess>();
        if (endpoint is null || access is { Anonymous: true } || (access is null && !context.Request.Path.StartsWithSegments("/api/v1")))
        {
            await next(context);
            return;
        }

        var caller = context.Features.Get<ICaller>();
        if (access is not null && caller is not { IsAuthenticated: true })
        {
            await new Failure(FailureKind.Unauthenticated, "NOT_LOGGED_IN", "Log in first.").WriteAsync(context);
            return;
        }

        // Routing's own answers (wrong method, wrong content type) stand where an endpoint would: nothing to guard.
        if (access is null && endpoint is not RouteEndpoint)
        {
            await next(context);
            return;
        }

        if (access is null || (access.Permission is { } needed && !caller!.May(needed)))
        {
            await AuditAsync(context, caller, access?.Permission?.Name ?? "undeclared");
            await new Failure(FailureKind.Denied, "NOT_ALLOWED", "You may not do this. Ask an administrator for the permission.", new { permission = access?.Permission?.Name }).WriteAsync(context);
            return;
        }

        await next(context);
    }

    private static async Task AuditAsync(HttpContext context, ICaller? caller, string permission)
    {
        if (context.RequestServices.GetService<IAuditTrail>() is not { } trail)
            return;
        var entry = new AuditEntry(
            "access.denied", caller?.Id, caller?.Name ?? "", $"{context.Request.Method} {context.Request.Path}", "denied", 403,
            context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString(), FailureHttp.TraceId(context), [new("permission", null, permission)]);
        await trail.WriteAsync(entry, context.RequestAborted);
    }
}
