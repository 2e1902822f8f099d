using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace StreamSpace.Kernel;

/// <summary>Counts calls per key in windows of a minute, in this process. Small on purpose: it must not cost the database a round trip.</summary>
internal sealed class RateLimits(TimeProvider clock, IOptionsMonitor<RateLimitOptions> options)
{
    private const long Window = 60;
    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);
    private long swept;

    public RateLimitOptions Options => options.CurrentValue;

    /// <summary>Takes one call from the key's window and tells the headers; false when the window is used up, and answers then.</summary>
    public async ValueTask<bool> TakeAsync(HttpContext context, string key, int limit)
    {
        if (limit <= 0)
            return true;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        Sweep(now);
        var count = counts.AddOrUpdate(key, _ => new(now / Window, 1), (_, c) => c.Minute == now / Window ? c with { Calls = c.Calls + 1 } : new(now / Window, 1));
        var reset = Window - (now % Window);
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = Math.Max(0, limit - count.Calls).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
        if (count.Calls <= limit)
            return true;
        await new Failure(FailureKind.Exhausted, "RATE_LIMITED", $"More than {limit} requests in a minute. Try again in {reset} s.", new { limit, window = "1m" }, TimeSpan.FromSeconds(reset)).WriteAsync(context);
        return false;
    }

    // Keys of past minutes go away once a minute, by whoever comes first.
    private void Sweep(long now)
    {
        var last = Interlocked.Read(ref swept);
        if (now - last < Window || Interlocked.CompareExchange(ref swept, now, last) != last)
            return;
        foreach (var (key, count) in counts)
        {
            if (count.Minute < now / Window)
                counts.TryRemove(new(key, count));
        }
    }

    private sealed record Count(long Minute, int Calls);
}

/// <summary>The limits that need no caller: per address, and the stricter ones an endpoint names.</summary>
internal sealed class AddressLimit(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            await next(context);
            return;
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "local";
        if (!await limits.TakeAsync(context, "address:" + address, limits.Options.AddressPerMinute))
            return;
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointRateLimit>() is { Policy: "login" }
            && !await limits.TakeAsync(context, "login:" + address, limits.Options.LoginPerMinute))
            return;
        await next(context);
    }
}
