namespace StreamSpace.Rfb.Pictures;

/// <summary>Makes a small picture of a large one.</summary>
public static class Thumbnail
{
    /// <summary>
    /// Scales down by a box filter (each pixel is the mean of those it stands for) until the picture fits, keeping its proportions. Never scales up.
    /// </summary>
    public static Picture Of(Picture picture, int maxWidth, int maxHeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxHeight);
        var scale = Math.Min(1.0, Math.Min((double)maxWidth / picture.Width, (double)maxHeight / picture.Height));
        var small = new Picture(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        var sums = new ulong[3 * small.Width];
        for (var y = 0; y < small.Height; y++)
        {
            var (top, bottom) = Part(y, small.Height, picture.Height);
            sums.AsSpan().Clear();
            for (var row = top; row < bottom; row++)
                AddRow(picture.Pixels.Slice(row * picture.Width, picture.Width), sums);
            Write(small.Row(0, y, small.Width), sums, picture.Width, bottom - top);
        }
        return small;
    }

    /// <summary>The pixels from..to of the large side that pixel <paramref name="at"/> of the small side stands for; at least one.</summary>
    private static (int From, int To) Part(int at, int small, int large) => ((int)((long)at * large / small), (int)(((long)at + 1) * large / small));

    private static void AddRow(ReadOnlySpan<int> row, Span<ulong> sums)
    {
        var width = sums.Length / 3;
        for (var x = 0; x < width; x++)
        {
            var (left, right) = Part(x, width, row.Length);
            uint red = 0, green = 0, blue = 0;
            foreach (var pixel in row[left..right])
            {
                red += (uint)(pixel >> 16) & 0xff;
                green += (uint)(pixel >> 8) & 0xff;
                blue += (uint)pixel & 0xff;
            }
            sums[3 * x] += red;
            sums[(3 * x) + 1] += green;
            sums[(3 * x) + 2] += blue;
        }
    }

    private static void Write(Span<int> target, ReadOnlySpan<ulong> sums, int sourceWidth, int rows)
    {
        for (var x = 0; x < target.Length; x++)
        {
            var (left, right) = Part(x, target.Length, sourceWidth);
            var count = (ulong)(right - left) * (ulong)rows;
            target[x] = ((int)((sums[3 * x] + (count / 2)) / count) << 16) | ((int)((sums[(3 * x) + 1] + (count / 2)) / count) << 8) | (int)((sums[(3 * x) + 2] + (count / 2)) / count);
        }
    }
}
