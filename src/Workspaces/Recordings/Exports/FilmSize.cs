using StreamSpace.Rfb;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Exports;

/// <summary>How large a film must be: desktops change their size while they are recorded, and what is said of it stands somewhere between the pictures.</summary>
internal static class FilmSize
{
    private const int Side = 3840;

    /// <summary>The widest and the highest, even (the encoder halves the colours), no side over 3840.</summary>
    public static (int Width, int Height) For(IEnumerable<(int Width, int Height)> sizes)
    {
        var (width, height) = sizes.Aggregate((Width: 16, Height: 16), Largest);
        return (Even(Math.Min(width, Side)), Even(Math.Min(height, Side)));
    }

    /// <summary>The largest size within a segment: its messages are walked, without a look at their pixels.</summary>
    public static (int Width, int Height) Of(byte[] segment)
    {
        var reader = new SegmentReader(segment);
        var walk = new ServerStream();
        var most = (Width: 0, Height: 0);
        byte[] buffer = [];
        int kept = 0, displays = 0;
        while (walk.Lost.Fault == RfbFault.None && reader.TryRead(out var chunk))
        {
            if (chunk.Kind != ChunkKind.Display)
                continue;
            if (displays++ == 0)
                walk.Start(Init(reader.Header!));
            else
            {
                var length = kept + chunk.Content.Length;
                if (buffer.Length < length)
                    Array.Resize(ref buffer, length);
                chunk.Content.Span.CopyTo(buffer.AsSpan(kept));
                var step = walk.Process(buffer.AsSpan(0, length));
                buffer.AsSpan(step.Relay, step.Keep).CopyTo(buffer);
                kept = step.Keep;
            }
            most = Largest(most, (walk.Width, walk.Height));
        }
        return most;
    }

    private static ServerInit Init(SegmentHeader header)
    {
        var format = header.PixelFormat;
        return new((ushort)header.Width, (ushort)header.Height, new(
            (byte)format.BitsPerPixel, (byte)format.Depth, format.BigEndian, true, 255, 255, 255, (byte)format.RedShift, (byte)format.GreenShift, (byte)format.BlueShift), "");
    }

    private static (int Width, int Height) Largest((int Width, int Height) one, (int Width, int Height) other) => (Math.Max(one.Width, other.Width), Math.Max(one.Height, other.Height));

    private static int Even(int side) => (side + 1) & ~1;
}
