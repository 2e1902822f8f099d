using Microsoft.AspNetCore.Http;

namespace StreamSpace.Kernel;

/// <summary>Finds out who sends a request. The Identity module implements it.</summary>
public interface ICallerSource
{
    /// <summary>The caller behind the request's credentials. Anonymous when there are none; a failure (401) when they are not valid any more.</summary>
    ValueTask<Result<ICaller>> AuthenticateAsync(HttpContext context, CancellationToken ct);

    /// <summary>Whether a cookie caller's write carries the anti-forgery token of its login.</summary>
    bool IsForged(HttpContext context, ICaller caller);
}
