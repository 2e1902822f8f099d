using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Kernel;

/// <summary>Settings of the request pipeline, section <c>Http</c>.</summary>
public sealed class PipelineOptions
{
    /// <summary>Largest request body in bytes.</summary>
    [Range(1024, 1L << 40)]
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a request may take, unless its endpoint says otherwise.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Origins besides our own that may call the API from a browser.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}

/// <summary>Requests per window, section <c>RateLimits</c>. Zero switches a limit off.</summary>
public sealed class RateLimitOptions
{
    /// <summary>API calls of one person in a minute.</summary>
    public int UserPerMinute { get; set; } = 100;

    /// <summary>API calls of one administrator in a minute.</summary>
    public int AdminPerMinute { get; set; } = 1000;

    /// <summary>Calls of our own web UI, per login, in a minute.</summary>
    public int WebPerMinute { get; set; } = 1000;

    /// <summary>Calls from one address in a minute, all together.</summary>
    public int AddressPerMinute { get; set; } = 600;

    /// <summary>Logins tried from one address in a minute.</summary>
    public int LoginPerMinute { get; set; } = 10;
}
