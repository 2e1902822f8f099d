using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Rfb.Tests.Pictures;

public sealed class DamageTests
{
    [Fact]
    public void Only_what_has_another_value_counts()
    {
        var picture = new Picture(100, 50);
        picture.Fill(0, 0, 100, 50, 0);
        Assert.True(picture.Damage.IsEmpty);
        picture.Fill(20, 20, 4, 4, 0xff);
        Assert.Equal([new Area(16, 16, 16, 16)], picture.Damage.ToAreas());
        Assert.Equal(256 / 5000.0, picture.Damage.Share);
        picture.Damage.Clear();
        picture.Put(20, 20, [0xff, 0xff, 0xff, 0xff]);
        Assert.True(picture.Damage.IsEmpty);
    }

    [Fact]
    public void Areas_are_joined_and_end_with_the_picture()
    {
        var picture = new Picture(100, 50);
        picture.Fill(90, 10, 10, 40, 1);
        picture.Fill(0, 0, 33, 1, 1);
        Assert.Equal([new(0, 0, 48, 16), new(80, 0, 20, 50)], picture.Damage.ToAreas());
        picture.Resize(40, 40);
        Assert.Equal(1.0, picture.Damage.Share);
        Assert.Equal([new Area(0, 0, 40, 40)], picture.Damage.ToAreas());
    }

    [Fact]
    public void Areas_cover_each_changed_pixel_and_never_overlap()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var picture = new Picture(random.Next(1, 150), random.Next(1, 150));
            for (var i = random.Next(12); i > 0; i--)
            {
                int x = random.Next(picture.Width), y = random.Next(picture.Height);
                picture.Fill(x, y, random.Next(1, picture.Width - x + 1), random.Next(1, picture.Height - y + 1), i);
            }
            var covered = new int[picture.Pixels.Length];
            foreach (var area in picture.Damage.ToAreas())
            {
                for (var y = area.Y; y < area.Y + area.Height; y++)
                {
                    for (var x = area.X; x < area.X + area.Width; x++)
                        covered[(y * picture.Width) + x]++;
                }
            }
            Assert.DoesNotContain(covered, c => c > 1);
            Assert.Equal(covered.Sum() / (double)covered.Length, picture.Damage.Share, 9);
            Assert.All(Enumerable.Range(0, covered.Length), i => Assert.True(picture.Pixels[i] == 0 || covered[i] == 1));
        }
    }
}
