using System.Text.Json;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>The body of "create container"; the field names are the engine's.</summary>
internal sealed record ContainerWish
{
    public string? Hostname { get; init; }

    public string? User { get; init; }

    public required string Image { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string> Env { get; init; } = [];

    public Dictionary<string, string> Labels { get; init; } = [];

    public Dictionary<string, NoSettings>? ExposedPorts { get; init; }

    public required HostWish HostConfig { get; init; }
}

internal sealed record HostWish
{
    public string? NetworkMode { get; init; }

    public long Memory { get; init; }

    public long MemorySwap { get; init; }

    public long CpuPeriod { get; init; }

    public long CpuQuota { get; init; }

    public long? PidsLimit { get; init; }

    public long ShmSize { get; init; }

    public bool Init { get; init; }

    public bool AutoRemove { get; init; }

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> SecurityOpt { get; init; } = [];

    public Dictionary<string, string>? Tmpfs { get; init; }

    public IReadOnlyList<MountWish>? Mounts { get; init; }

    public LogWish? LogConfig { get; init; }

    public Dictionary<string, IReadOnlyList<PortBinding>>? PortBindings { get; init; }
}

/// <summary>The body of "update container".</summary>
internal sealed record UpdateWish(long Memory, long MemorySwap, long CpuPeriod, long CpuQuota);

internal sealed record MountWish(string Type, string Source, string Target, VolumeWish? VolumeOptions);

internal sealed record VolumeWish(Dictionary<string, string> Labels);

internal sealed record LogWish(string Type, Dictionary<string, string> Config);

/// <summary>The engine writes a set as an object with empty objects.</summary>
internal sealed record NoSettings;
