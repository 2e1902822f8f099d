using System.Globalization;

namespace StreamSpace.Kernel;

/// <summary>This server process among its replicas.</summary>
/// <param name="Name">Unique per process start; marks claims and viewer rows.</param>
/// <param name="Node">The machine; local sessions belong to it.</param>
/// <param name="StartedAt">When the process came up.</param>
/// <param name="Version">Of the product.</param>
public sealed record Instance(string Name, string Node, DateTimeOffset StartedAt, string Version)
{
    /// <summary>Describes the running process.</summary>
    public static Instance Current(TimeProvider clock)
    {
        var node = Environment.MachineName;
        var version = typeof(Instance).Assembly.GetName().Version?.ToString(3) ?? "0";
        return new(string.Create(CultureInfo.InvariantCulture, $"{node}-{Environment.ProcessId}-{Guid.CreateVersion7():N}"), node, clock.GetUtcNow(), version);
    }
}
