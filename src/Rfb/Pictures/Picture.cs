namespace StreamSpace.Rfb.Pictures;

/// <summary>
/// A framebuffer of 32-bit pixels (0x00RRGGBB, in memory blue, green, red, 0), top row first. What is written by <see cref="Put"/>, <see cref="Fill"/> and
/// <see cref="Copy"/> is compared with what was there, and remembered in <see cref="Damage"/>. Safe to read while it is being changed, if torn.
/// </summary>
public sealed class Picture
{
    private int[] _pixels;

    /// <summary>A black picture.</summary>
    public Picture(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height, _pixels, Damage) = (width, height, new int[width * height], new(width, height));
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>What changed since it was last cleared.</summary>
    public Damage Damage { get; private set; }

    /// <summary>All pixels.</summary>
    public ReadOnlySpan<int> Pixels => _pixels;

    /// <summary>One pixel.</summary>
    public int this[int x, int y] => _pixels[(y * Width) + x];

    /// <summary>A part of a row, for writing; not seen by <see cref="Damage"/>.</summary>
    public Span<int> Row(int x, int y, int width) => _pixels.AsSpan((y * Width) + x, width);

    /// <summary>Another size; what was there is gone, and everything counts as changed.</summary>
    public void Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height, _pixels, Damage) = (width, height, new int[width * height], new(width, height));
        Damage.AddAll();
    }

    /// <summary>Writes a part of a row.</summary>
    public void Put(int x, int y, ReadOnlySpan<int> pixels)
    {
        var row = Row(x, y, pixels.Length);
        if (row.SequenceEqual(pixels))
            return;
        Damage.AddDifferences(x, y, row, pixels);
        pixels.CopyTo(row);
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(int x, int y, int width, int height, int colour)
    {
        for (var row = y; row < y + height; row++)
        {
            var there = Row(x, row, width);
            if (!there.ContainsAnyExcept(colour))
                continue;
            Damage.AddDifferences(x, row, there, colour);
            there.Fill(colour);
        }
    }

    /// <summary>Moves a rectangle; the parts may overlap.</summary>
    public void Copy(int fromX, int fromY, int toX, int toY, int width, int height)
    {
        for (var i = 0; i < height; i++)
        {
            var row = fromY < toY ? height - 1 - i : i;
            Put(toX, toY + row, Row(fromX, fromY + row, width));
        }
    }

    /// <summary>True when at least two different colours are in it: the test of "a frame that is not blank".</summary>
    public bool HasContent => _pixels.AsSpan().IndexOfAnyExcept(_pixels[0]) >= 0;

    /// <summary>True when the rectangle lies inside.</summary>
    public bool Contains(int x, int y, int width, int height) => x + width <= Width && y + height <= Height;
}
