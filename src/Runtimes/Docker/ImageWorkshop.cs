using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Answers <see cref="IImageWorkshop"/> by the engine.</summary>
internal sealed class ImageWorkshop(ImageBuild build, ImageCheck check) : IImageWorkshop
{
    public IAsyncEnumerable<LaunchProgress> BuildAsync(string recipe, CancellationToken ct) => build.RunAsync(recipe, ct);

    public IAsyncEnumerable<ImageFinding> CheckAsync(string image, CancellationToken ct) => check.RunAsync(image, ct);
}
