using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;

namespace StreamSpace.Kernel;

/// <summary>What an endpoint demands of its caller. An endpoint that says nothing is closed to everybody.</summary>
/// <param name="Permission">Null: no permission is needed.</param>
/// <param name="Anonymous">True: not even a login is needed.</param>
public sealed record EndpointAccess(Permission? Permission, bool Anonymous);

/// <summary>Under which action an endpoint's calls stand in the audit.</summary>
/// <param name="Action"><c>resource.verb</c> in the past tense: <c>session.created</c>.</param>
public sealed record EndpointAudit(string Action);

/// <summary>The endpoint takes part in a stricter limit beside the general ones.</summary>
/// <param name="Policy">Name of the limit in <see cref="RateLimitOptions"/>: <c>login</c>.</param>
public sealed record EndpointRateLimit(string Policy);

/// <summary>The answer carries a secret that is shown once: it is never kept for a repeated Idempotency-Key.</summary>
public sealed record EndpointAnswersSecrets;

/// <summary>Rules written beside the route.</summary>
public static class EndpointRules
{
    /// <summary>Only callers who hold the permission.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointAccess(permission, Anonymous: false));

    /// <summary>Everybody who is logged in (their own login, their own preferences).</summary>
    public static TBuilder NeedsLogin<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointAccess(null, Anonymous: false));

    /// <summary>Everybody, logged in or not.</summary>
    public static TBuilder Anonymous<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointAccess(null, Anonymous: true));

    /// <summary>Every call is written to the audit under this action, with its result.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoint, string action) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointAudit(action));

    /// <summary>The answer carries a secret that is shown once, so it is not kept for a repeated Idempotency-Key.</summary>
    public static TBuilder AnswersSecrets<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointAnswersSecrets());

    /// <summary>The endpoint may run without end (a stream, a socket).</summary>
    public static TBuilder Endless<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new DisableRequestTimeoutAttribute());

    /// <summary>The endpoint takes part in a stricter limit.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, string policy) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointRateLimit(policy));
}
