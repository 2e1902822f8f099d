using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Runtimes.Docker.Engine;

// The engine's own words, as its API reference writes them; only the fields that are used.
internal sealed record EngineError([property: JsonPropertyName("message")] string? Message);

internal sealed record EngineInfo(
    string? ID, int NCPU, bool LiveRestoreEnabled, bool MemoryLimit, bool PidsLimit, bool CpuCfsQuota, string? CgroupVersion, string? ServerVersion,
    string? OSType, IReadOnlyList<string>? SecurityOptions);

internal sealed record CreatedContainer(string Id);

internal sealed record ContainerState(
    string Status, bool Running, bool Paused, bool OOMKilled, int ExitCode, string? Error, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

internal sealed record ContainerDetail(
    string Id, string Name, ContainerState State, ContainerConfig Config, ContainerNetworks NetworkSettings, GraphDriver? GraphDriver = null);

internal sealed record GraphDriver(string? Name, Dictionary<string, string>? Data);

internal sealed record ContainerConfig(string? Image, Dictionary<string, string>? Labels);

internal sealed record ContainerNetworks(Dictionary<string, ContainerEndpoint>? Networks, Dictionary<string, IReadOnlyList<PortBinding>?>? Ports);

internal sealed record ContainerEndpoint(string? IPAddress = null);

internal sealed record PortBinding(string? HostIp, string? HostPort);

internal sealed record ContainerRow(string Id, IReadOnlyList<string> Names, string State, Dictionary<string, string>? Labels, long Created);

internal sealed record ContainerTop(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>>? Processes);

internal sealed record ImageRow(string Id, IReadOnlyList<string>? RepoTags, Dictionary<string, string>? Labels);

internal sealed record ImageDetail(string Id, IReadOnlyList<string>? RepoTags, long Size, ImageConfig? Config);

internal sealed record ImageConfig(
    string? User, Dictionary<string, JsonElement>? ExposedPorts, IReadOnlyList<string>? Env, Dictionary<string, string>? Labels, string? WorkingDir);

internal sealed record NetworkDetail(string Id, string Name, Dictionary<string, string>? Options, Dictionary<string, string>? Labels, bool Internal);

internal sealed record NetworkWish(
    string Name, bool CheckDuplicate, string Driver, bool Internal, Dictionary<string, string> Options, Dictionary<string, string> Labels);

internal sealed record VolumeRow(string Name, Dictionary<string, string>? Labels);

internal sealed record VolumeList(IReadOnlyList<VolumeRow>? Volumes);

internal sealed record ExecWish(
    IReadOnlyList<string> Cmd, IReadOnlyList<string> Env, bool Tty, bool AttachStdin, bool AttachStdout, bool AttachStderr, string User, string? WorkingDir,
    IReadOnlyList<int>? ConsoleSize);

internal sealed record ExecCreated(string Id);

internal sealed record ExecStart(bool Detach, bool Tty);

internal sealed record ExecDetail(bool Running, int? ExitCode);

internal sealed record Waited(int StatusCode);

internal sealed record EngineEvent(string? Type, string? Action, EventActor? Actor);

internal sealed record EventActor(string? ID, Dictionary<string, string>? Attributes);

internal sealed record BuildLine(
    [property: JsonPropertyName("stream")] string? Stream,
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("id")] string? Layer,
    [property: JsonPropertyName("progressDetail")] LayerProgress? Progress);

internal sealed record LayerProgress([property: JsonPropertyName("current")] long? Current, [property: JsonPropertyName("total")] long? Total);

internal sealed record ContainerStats(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("cpu_stats")] CpuStats? Cpu,
    [property: JsonPropertyName("memory_stats")] MemoryStats? Memory,
    [property: JsonPropertyName("pids_stats")] PidsStats? Pids,
    [property: JsonPropertyName("networks")] Dictionary<string, NetworkStats>? Networks);

internal sealed record CpuStats([property: JsonPropertyName("cpu_usage")] CpuUsage? Usage);

internal sealed record CpuUsage([property: JsonPropertyName("total_usage")] ulong Total);

internal sealed record MemoryStats(
    [property: JsonPropertyName("usage")] ulong? Usage, [property: JsonPropertyName("stats")] Dictionary<string, ulong>? Stats);

internal sealed record PidsStats([property: JsonPropertyName("current")] ulong? Current, [property: JsonPropertyName("limit")] ulong? Limit);

internal sealed record NetworkStats([property: JsonPropertyName("rx_bytes")] ulong Received, [property: JsonPropertyName("tx_bytes")] ulong Sent);
