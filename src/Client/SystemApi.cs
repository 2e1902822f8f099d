using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>A place where sessions run.</summary>
public sealed record Runtime
{
    /// <summary>local, docker or kubernetes.</summary>
    public required string Name { get; init; }

    /// <summary>Whether sessions can be started there now.</summary>
    public bool Available { get; init; }

    /// <summary>Why not, in words.</summary>
    public string? Problem { get; init; }

    /// <summary>Everything else the server said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Further { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>The server itself.</summary>
public sealed class SystemApi
{
    private readonly Transport transport;

    internal SystemApi(Transport transport) => this.transport = transport;

    /// <summary>Version, database, runtimes and counts; for administrators and auditors.</summary>
    public Task<JsonElement> StateAsync(CancellationToken ct) => transport.GetAsync<JsonElement>("api/v1/system", ct);

    /// <summary>The runtimes and whether they can be used.</summary>
    public async Task<IReadOnlyList<Runtime>> RuntimesAsync(CancellationToken ct) => (await transport.GetAsync<Page<Runtime>>("api/v1/runtimes", ct)).Items;
}
