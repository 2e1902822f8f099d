using Microsoft.AspNetCore.Http;

namespace StreamSpace.Kernel;

/// <summary>Finds the caller of what is going on now: the request's, or the system caller a worker runs as.</summary>
public sealed class CallerAccessor(IHttpContextAccessor http)
{
    private static readonly AsyncLocal<ICaller?> Worker = new();
    private static readonly ICaller Nobody = Caller.System("system");

    /// <summary>Never null: outside a request it is the worker's caller, or plainly "system".</summary>
    public ICaller Current => Worker.Value ?? http.HttpContext?.Features.Get<ICaller>() ?? (http.HttpContext is { } context ? Caller.Anonymous(context.Connection.RemoteIpAddress?.ToString()) : Nobody);

    /// <summary>The request's trace id; null outside a request.</summary>
    public string? TraceId => http.HttpContext is { } context ? FailureHttp.TraceId(context) : null;

    /// <summary>Runs the rest of the current asynchronous flow as a system caller; dispose to end it.</summary>
    public static IDisposable RunAs(ICaller caller)
    {
        var before = Worker.Value;
        Worker.Value = caller;
        return new Restore(before);
    }

    private sealed class Restore(ICaller? before) : IDisposable
    {
        public void Dispose() => Worker.Value = before;
    }
}
