using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamSpace.Kernel;

/// <summary>
/// The way of a request, in this order:
///  1 request id, 2 log, 3 timeout, 4 method check, 5 compression, 6 CORS, 7 security headers, 8 size limit, 9 rate limit,
/// 10 authentication, 11 anti-forgery, 12 permission, 13 validation, 14 audit, 15 cache control.
/// 13 and 14 are endpoint filters (<see cref="EndpointFilters"/>), since they need the bound arguments and the result.
/// </summary>
public static class Pipeline
{
    internal static IServiceCollection AddHttpPipeline(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PipelineOptions>().BindConfiguration("Http").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits");
        services.AddSingleton<RateLimits>();
        services.AddSingleton<RequestMetrics>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = configuration.GetSection("Http").Get<PipelineOptions>()?.Timeout ?? TimeSpan.FromSeconds(30),
            WriteTimeoutResponse = TimeoutAsync,
        });
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/problem+json", "application/yaml", "text/plain", "text/csv", "text/html", "image/svg+xml", "text/css", "text/javascript"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddCors();
        return services;
    }

    /// <summary>Puts the pipeline in order. Endpoints are mapped after it.</summary>
    public static WebApplication UsePipeline(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<PipelineOptions>>().Value;
        app.Services.GetRequiredService<MetricsCollector>(); // listens from the start
        app.UseMiddleware<RequestLog>();                        // 1, 2: id, one line per request, and the last resort for exceptions
        app.Use(RewriteVersion);
        app.UseRouting();
        app.UseRequestTimeouts();                               // 3
        app.Use(CheckMethod);                                   // 4
        app.UseWhen(c => !c.Request.Path.StartsWithSegments("/api/v1/auth"), branch => branch.UseResponseCompression()); // 5: never beside secrets
        app.UseCors(cors => cors.WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Location", "ETag", "Retry-After"));  // 6
        app.UseMiddleware<SecurityHeaders>();                   // 7
        app.Use((context, next) => LimitSize(context, next, options.MaxBodyBytes)); // 8
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseMiddleware<AddressLimit>();                      // 9
        app.UseMiddleware<Authentication>();                    // 10, 11, and the caller's own rate limit, which needs to know the caller
        app.UseMiddleware<PermissionCheck>();                   // 12
        return app;
    }

    private static Task TimeoutAsync(HttpContext context)
    {
        // The framework has cleared the headers that every answer carries.
        context.Response.Headers["X-Request-Id"] = FailureHttp.TraceId(context);
        context.Response.Headers.CacheControl = "no-store";
        SecurityHeaders.Put(context);
        return new Failure(FailureKind.Unavailable, "TIMEOUT", "The server took too long to answer. Try again in a moment.", RetryAfter: TimeSpan.FromSeconds(2)).WriteAsync(context);
    }

    // /api/sessions is /api/v1/sessions; the documentation stays where it is.
    private static Task RewriteVersion(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase, out var rest)
            && !rest.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
            && !rest.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase))
            context.Request.Path = "/api/v1" + rest;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            context.Response.Headers.CacheControl = "no-store"; // 15: an endpoint that may be cached says so itself
        return next(context);
    }

    private static Task CheckMethod(HttpContext context, RequestDelegate next) => context.Request.Method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "CONNECT" => next(context),
        _ => new Failure(FailureKind.Invalid, "METHOD_NOT_ALLOWED", "This HTTP method is not used here.").WriteAsync(context, StatusCodes.Status405MethodNotAllowed),
    };

    private static Task LimitSize(HttpContext context, RequestDelegate next, long most)
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? most;
        if (context.Request.ContentLength > limit)
            return new Failure(FailureKind.TooLarge, "BODY_TOO_LARGE", $"The request body may have at most {limit} bytes.", new { limit }).WriteAsync(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit;
        return next(context);
    }
}
