using StreamSpace.Runtimes.Docker.Images;

namespace StreamSpace.Runtimes.Docker.Tests.Images;

public sealed class BuildProgressTests
{
    private readonly BuildProgress _progress = new();

    [Fact]
    public void Each_step_counts_the_same()
    {
        Assert.True(_progress.Take("Step 1/4 : FROM debian:bookworm-slim"));
        Assert.Equal(0, _progress.Percent);
        Assert.True(_progress.Take("Step 3/4 : COPY look/ /usr/share/look/"));
        Assert.Equal(50, _progress.Percent);
        Assert.Equal("COPY look/ /usr/share/look/", _progress.Text);
    }

    [Fact]
    public void Inside_a_step_the_packages_move_it()
    {
        _progress.Take("Step 2/4 : RUN apt-get install firefox-esr");
        Assert.True(_progress.Take("0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded."));
        Assert.True(_progress.Take("Unpacking libnss3:amd64 (2:3.87.1-1) ..."));
        Assert.Equal(31, _progress.Percent);
        Assert.Equal("Unpacking libnss3", _progress.Text);
        _progress.Take("Unpacking firefox-esr (128) ...");
        _progress.Take("Setting up libnss3:amd64 (2:3.87.1-1) ...");
        _progress.Take("Setting up firefox-esr (128) ...");
        Assert.Equal(50, _progress.Percent);
        Assert.Equal("Installing firefox-esr", _progress.Text);
    }

    [Fact]
    public void Apts_colours_and_fetch_lines_are_understood()
    {
        Assert.True(_progress.Take("\u001b[0mGet:7 http://deb.debian.org/debian bookworm/main amd64 openbox amd64 3.6.1-10 [321 kB]"));
        Assert.Equal("Fetching openbox", _progress.Text);
    }

    [Fact]
    public void It_never_goes_back_and_ignores_the_rest()
    {
        _progress.Take("Step 3/4 : RUN true");
        _progress.Take("Step 1/4 : again");
        Assert.Equal(50, _progress.Percent);
        Assert.False(_progress.Take(" ---> 15e964f1d5ae"));
        Assert.False(_progress.Take(""));
        Assert.False(_progress.Take("Step x/y : no"));
    }
}
