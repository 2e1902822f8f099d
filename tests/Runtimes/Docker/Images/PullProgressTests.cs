using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;

namespace StreamSpace.Runtimes.Docker.Tests.Images;

public sealed class PullProgressTests
{
    private readonly PullProgress _progress = new();

    [Fact]
    public void A_layer_is_downloaded_then_extracted()
    {
        Assert.False(Take("Pulling fs layer"));
        Assert.True(Take("Downloading", 50, 100));
        Assert.Equal(35, _progress.Percent);
        Assert.True(Take("Extracting", 50, 100));
        Assert.Equal(85, _progress.Percent);
        Assert.True(Take("Pull complete"));
        Assert.Equal(100, _progress.Percent);
    }

    [Fact]
    public void Layers_share_the_whole_and_it_never_goes_back()
    {
        Take("Already exists", layer: "a");
        Assert.Equal(100, _progress.Percent);
        Assert.False(Take("Pulling fs layer", layer: "b"));
        Assert.Equal(100, _progress.Percent);
    }

    [Fact]
    public void Lines_about_no_layer_are_nothing()
    {
        Assert.False(_progress.Take(new(null, null, "Status: Downloaded newer image", null, null)));
        Assert.False(Take("Pulling from library/debian", layer: "bookworm-slim"));
        Assert.False(Take("Downloading", 1, 0));
    }

    private bool Take(string status, long? current = null, long? total = null, string layer = "a") =>
        _progress.Take(new(null, null, status, layer, current is null ? null : new(current, total)));
}
