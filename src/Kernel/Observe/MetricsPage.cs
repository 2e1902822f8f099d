using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace StreamSpace.Kernel;

/// <summary><c>/metrics</c> in Prometheus text format: from this machine, or with the token of the setting <c>Metrics:Token</c>.</summary>
public static class MetricsPage
{
    /// <summary>Maps the page.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder root) =>
        root.MapGet("/metrics", Answer).Anonymous().WithTags("Health").WithSummary("Metrics in Prometheus text format");

    private static async Task Answer(HttpContext context, MetricsCollector metrics, IConfiguration configuration)
    {
        var token = configuration["Metrics:Token"];
        var sent = context.Request.Headers.Authorization.ToString();
        var local = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        if (token is null ? !local : !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes("Bearer " + token)))
        {
            await new Failure(FailureKind.Denied, "NOT_ALLOWED", "Metrics are for this machine only, or for those who send the token of the setting Metrics:Token.").WriteAsync(context);
            return;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(metrics.Render(), context.RequestAborted);
    }
}
