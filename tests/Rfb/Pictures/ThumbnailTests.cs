using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Tests.Servers;

namespace StreamSpace.Rfb.Tests.Pictures;

public sealed class ThumbnailTests
{
    [Fact]
    public void Each_pixel_is_the_mean_of_those_it_stands_for()
    {
        var picture = new Picture(4, 2);
        picture.Put(0, 0, [0x000000, 0x0000ff, 0x100000, 0x300000]);
        picture.Put(0, 1, [0x0000ff, 0x000000, 0x100000, 0x300000]);
        var small = Thumbnail.Of(picture, 2, 10);
        Assert.Equal((2, 1), (small.Width, small.Height));
        Assert.Equal([0x000080, 0x200000], small.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1280, 800, 320, 320, 320, 200)]
    [InlineData(800, 1280, 320, 320, 200, 320)]
    [InlineData(100, 50, 320, 320, 100, 50)]
    [InlineData(3000, 2, 320, 200, 320, 1)]
    public void Proportions_are_kept_and_nothing_grows(int width, int height, int mostWidth, int mostHeight, int smallWidth, int smallHeight)
    {
        var small = Thumbnail.Of(new(width, height), mostWidth, mostHeight);
        Assert.Equal((smallWidth, smallHeight), (small.Width, small.Height));
    }

    [Fact]
    public void A_picture_comes_back_from_JPEG_nearly_as_it_went()
    {
        Assert.Null(TurboJpeg.Missing);
        var picture = new Picture(Scene.Width, Scene.Height);
        Scene.Smooth().CopyTo(picture.Row(0, 0, Scene.Width * Scene.Height));
        var file = TurboJpeg.Encode(picture, 90);
        Assert.InRange(file.Length, 2000, 60_000);
        var back = new int[picture.Pixels.Length];
        Assert.True(TurboJpeg.TryDecode(file, Scene.Width, Scene.Height, back));
        Assert.True(EncodingMatrixTests.IsNear(back, picture.Pixels, 16));
        Assert.False(TurboJpeg.TryDecode(file, Scene.Width - 1, Scene.Height, back)); // another size than announced
        Assert.False(TurboJpeg.TryDecode(file.AsSpan(0, 20), Scene.Width, Scene.Height, back));
        Assert.False(TurboJpeg.TryDecode([], Scene.Width, Scene.Height, back));
    }
}
