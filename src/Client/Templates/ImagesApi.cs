using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>One line of what a build or check tells while it goes on.</summary>
public sealed record ImageStep
{
    /// <summary>What is told: a name of a step or a check.</summary>
    public string? Name { get; init; }

    /// <summary>Words for people.</summary>
    public string? Text { get; init; }

    /// <summary>How far, where that is known.</summary>
    public double? Percent { get; init; }

    /// <summary>For a check: whether it passed.</summary>
    public bool? Passed { get; init; }

    /// <summary>Set in the last line: whether it all went well.</summary>
    public bool? Ok { get; init; }

    /// <summary>Everything else the server said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Further { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>Images: building ours and checking anybody's against the image contract.</summary>
public sealed class ImagesApi
{
    private readonly Transport transport;

    internal ImagesApi(Transport transport) => this.transport = transport;

    /// <summary>Builds an image of <c>images/</c>, telling how far it is.</summary>
    public IAsyncEnumerable<ImageStep> BuildAsync(string image, CancellationToken ct) => LinesAsync("api/v1/images/build", new { image }, ct);

    /// <summary>Checks an image against the image contract, one line per check.</summary>
    public IAsyncEnumerable<ImageStep> CheckAsync(string image, CancellationToken ct) => LinesAsync("api/v1/images/check", new { image }, ct);

    private async IAsyncEnumerable<ImageStep> LinesAsync(string path, object body, [EnumeratorCancellation] CancellationToken ct)
    {
        using var answer = await transport.SendAsync(HttpMethod.Post, path, body, HttpCompletionOption.ResponseHeadersRead, ct);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (line.Length > 0 && JsonSerializer.Deserialize<ImageStep>(line, ClientJson.Options) is { } step)
                yield return step;
        }
    }
}
