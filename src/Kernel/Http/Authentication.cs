using Microsoft.AspNetCore.Http;

namespace StreamSpace.Kernel;

/// <summary>Finds the caller, counts against the caller's limit, and refuses cookie writes that another site could have made.</summary>
internal sealed class Authentication(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context, ICallerSource source)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is not { } access)
        {
            await next(context);
            return;
        }

        var found = await source.AuthenticateAsync(context, context.RequestAborted);
        if (!found.Ok && !access.Anonymous)
        {
            await found.Failure.WriteAsync(context);
            return;
        }

        var caller = found.Ok ? found.Value : Caller.Anonymous(context.Connection.RemoteIpAddress?.ToString());
        context.Features.Set(caller);
        if (caller.Id is { } id)
        {
            var (key, limit) = caller.ByCookie ? ("web:", limits.Options.WebPerMinute)
                : caller.Roles.Contains("admin") ? ("admin:", limits.Options.AdminPerMinute)
                : ("user:", limits.Options.UserPerMinute);
            if (!await limits.TakeAsync(context, key + id, limit))
                return;
        }

        if (caller.ByCookie && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method) && source.IsForged(context, caller))
        {
            await new Failure(FailureKind.Denied, "FORGED_REQUEST", "The request lacks the anti-forgery token of your login. Reload the page and try again.").WriteAsync(context);
            return;
        }

        await next(context);
    }
}
