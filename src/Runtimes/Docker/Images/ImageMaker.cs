using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>Builds an image from its recipe or pulls it, and tells how far it is.</summary>
internal sealed class ImageMaker(EngineClient engine, Recipes recipes)
{
    public async Task PullAsync(string image, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        var pull = new PullProgress();
        var separator = image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? colon : -1;
        var query = image.Contains('@', StringComparison.Ordinal) || separator < 0
            ? $"fromImage={Uri.EscapeDataString(image)}" + (image.Contains('@', StringComparison.Ordinal) ? "" : "&tag=latest")
            : $"fromImage={Uri.EscapeDataString(image[..separator])}&tag={Uri.EscapeDataString(image[(separator + 1)..])}";
        progress.Report(new(LaunchStep.PrepareImage, 0, $"Pulling {image}"));
        try
        {
            await foreach (var line in engine.LinesAsync(HttpMethod.Post, $"/images/create?{query}", null, EngineJson.Default.BuildLine, ct))
            {
                if (line.Error is not null)
                    throw PullFailed(image, line.Error);
                if (pull.Take(line))
                    progress.Report(new(LaunchStep.PrepareImage, pull.Percent, $"Pulling {image}"));
            }
        }
        catch (EngineFailure e) when (!e.Unreachable)
        {
            throw PullFailed(image, e.Message);
        }
    }

    /// <summary>One recipe; what it stands on must be there.</summary>
    public async Task BuildAsync(string recipe, string image, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        var build = new BuildProgress();
        var pull = new PullProgress();
        var tail = new Queue<string>();

        // Before the files are read: one that changes meanwhile makes the next launch build again, never the other way round.
        var labels = JsonSerializer.Serialize(new(StringComparer.Ordinal) { [Names.Recipe] = recipes.Fingerprint(recipe) }, EngineJson.Default.DictionaryStringString);
        await using var context = await recipes.PackAsync(recipe, ct);
        var content = new StreamContent(context) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        progress.Report(new(LaunchStep.PrepareImage, 0, $"Building {image}"));
        await foreach (var line in engine.LinesAsync(
            HttpMethod.Post, $"/build?t={Uri.EscapeDataString(image)}&labels={Uri.EscapeDataString(labels)}&rm=1&forcerm=1", content, EngineJson.Default.BuildLine, ct))
        {
            if (line.Error is not null)
                throw new RuntimeFailure(RuntimeReasons.ImageBuildFailed, $"{image} could not be built: {line.Error} Last output: {string.Join(" | ", tail)}");
            if (pull.Take(line))
                progress.Report(new(LaunchStep.PrepareImage, build.Percent, $"Fetching the ground image, {pull.Percent} %"));
            foreach (var text in (line.Stream ?? "").Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (tail.Count == 5)
                    tail.Dequeue();
                tail.Enqueue(text);
                if (build.Take(text))
                    progress.Report(new(LaunchStep.PrepareImage, build.Percent, build.Text));
            }
        }

        progress.Report(new(LaunchStep.PrepareImage, 100, $"Built {image}"));
    }

    private static RuntimeFailure PullFailed(string image, string why) =>
        new(RuntimeReasons.ImagePullFailed, $"The image {image} could not be pulled: {why.TrimEnd('.')}. Check its name and whether the engine may reach and log in to its registry.");
}
