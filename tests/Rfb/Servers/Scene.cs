namespace StreamSpace.Rfb.Tests.Servers;

/// <summary>A screen that makes encoders use all they have: one colour, two, a few, many, smooth, noisy.</summary>
internal static class Scene
{
    public const int Width = 640;

    public const int Height = 480;

    public static int[] Paint(int seed)
    {
        var random = new Random(seed);
        var pixels = new int[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                pixels[(y * Width) + x] = Colour(x, y, random, seed);
        }
        return pixels;
    }

    public static int[] Smooth()
    {
        var pixels = new int[Width * Height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Wave(i % Width, i / Width, 0);
        return pixels;
    }

    private static int Colour(int x, int y, Random random, int seed) => (x / 160, y / 120) switch
    {
        (0, 0) => 0x203040 + seed, // one colour
        (1, 0) => ((x * 7) ^ (y * 3)) % 11 < 4 ? 0xffffff : 0x000080, // two
        (2, 0) => (x / 9 + y / 5) % 4 * 0x2a1b0c, // four
        (3, 0) => (x / 5 * (y / 7)) % 13 * 0x090507, // thirteen
        (0, 1) => (((x / 2) + y + seed) % 90) * 0x020103, // ninety
        (1, 1) => random.Next(1 << 24), // noise
        (_, 1) => (x * 255 / Width << 16) | (y * 255 / Height << 8) | ((x + y + seed) & 0xff), // smooth
        (_, 2) => Wave(x, y, seed), // a photograph's like
        _ => (x / 16 + y / 16) % 2 == 0 ? 0xe0e0e0 : x % 16 == 3 ? 0x101010 : 0xd0d0d0, // a table with lines
    };

    private static int Wave(int x, int y, int seed)
    {
        var red = (int)(127 + (90 * Math.Sin((x + seed) / 31.0)));
        var green = (int)(127 + (90 * Math.Cos(y / 23.0)));
        return (red << 16) | (green << 8) | ((red + green) / 2);
    }
}
