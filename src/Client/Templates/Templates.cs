using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>A launchable application.</summary>
public sealed record Template
{
    /// <summary>Name to launch it by.</summary>
    public required string Name { get; init; }

    /// <summary>Version.</summary>
    public string? Version { get; init; }

    /// <summary>Name to show.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it is, in a line.</summary>
    public string? Description { get; init; }

    /// <summary>Category.</summary>
    public string? Category { get; init; }

    /// <summary>Where it can run.</summary>
    public IReadOnlyList<TemplateRuntime> Runtimes { get; init; } = [];

    /// <summary>Median of the measured launches in milliseconds.</summary>
    public double? StartMs { get; init; }

    /// <summary>True: the caller's favourite.</summary>
    public bool? Favourite { get; init; }

    /// <summary>Everything else the server said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Further { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>Whether a template can run on a runtime.</summary>
/// <param name="Name">local, docker, ...</param>
/// <param name="State">ready, needs_image, missing or unavailable.</param>
/// <param name="Missing">What is missing.</param>
/// <param name="Remedy">What to do about it: a command.</param>
public sealed record TemplateRuntime(string Name, string State, IReadOnlyList<string>? Missing = null, string? Remedy = null);

/// <summary>The catalogue.</summary>
public sealed class TemplatesApi
{
    private readonly Transport transport;

    internal TemplatesApi(Transport transport) => this.transport = transport;

    /// <summary>Templates that match, all of them on one page or more.</summary>
    public Task<Page<Template>> ListAsync(string? search, string? category, string? cursor, CancellationToken ct) =>
        transport.GetAsync<Page<Template>>(Query.Of("api/v1/templates", ("search", search), ("category", category), ("cursor", cursor), ("limit", "200")), ct);

    /// <summary>One template.</summary>
    public Task<Template> GetAsync(string name, CancellationToken ct) => transport.GetAsync<Template>("api/v1/templates/" + Query.Escape(name), ct);
}
