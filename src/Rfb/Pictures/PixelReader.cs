using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StreamSpace.Rfb.Pictures;

/// <summary>
/// Turns pixels of one true-colour format into 0x00RRGGBB: whole ones (RFC 6143, 7.4), the three-byte ones of ZRLE (7.7.5, CPIXEL) and those of Tight
/// (rfbproto, "Tight Encoding", TPIXEL).
/// </summary>
internal sealed class PixelReader
{
    private readonly PixelFormat _format;
    private readonly byte[] _red;
    private readonly byte[] _green;
    private readonly byte[] _blue;
    private readonly bool _isBgrx;
    private readonly bool _compactHigh; // the three bytes of a CPIXEL are the upper ones

    public PixelReader(PixelFormat format)
    {
        _format = format;
        (_red, _green, _blue) = (Scale(format.RedMax), Scale(format.GreenMax), Scale(format.BlueMax));
        _isBgrx = format is { BitsPerPixel: 32, BigEndian: false, RedMax: 255, GreenMax: 255, BlueMax: 255, RedShift: 16, GreenShift: 8, BlueShift: 0 };
        var used = ((uint)format.RedMax << format.RedShift) | ((uint)format.GreenMax << format.GreenShift) | ((uint)format.BlueMax << format.BlueShift);
        var compact = format is { BitsPerPixel: 32, Depth: <= 24 } && ((used & 0xff000000) == 0 || (used & 0xff) == 0);
        _compactHigh = compact && (used & 0xff000000) != 0;
        Bytes = format.BytesPerPixel;
        CompactBytes = compact ? 3 : Bytes;
        TightBytes = format.TightBytesPerPixel;
    }

    /// <summary>Bytes of a pixel.</summary>
    public int Bytes { get; }

    /// <summary>Bytes of a CPIXEL.</summary>
    public int CompactBytes { get; }

    /// <summary>Bytes of a TPIXEL.</summary>
    public int TightBytes { get; }

    /// <summary>What can be read: 8, 16 or 32 bits, true colour, no shift beyond the pixel.</summary>
    public static bool Supports(PixelFormat format) =>
        format is { TrueColour: true, BitsPerPixel: 8 or 16 or 32 } && format.RedShift < format.BitsPerPixel && format.GreenShift < format.BitsPerPixel && format.BlueShift < format.BitsPerPixel;

    /// <summary>Reads whole pixels.</summary>
    public void Read(ReadOnlySpan<byte> from, Span<int> to)
    {
        if (_isBgrx)
        {
            Mask(MemoryMarshal.Cast<byte, int>(from), to);
            return;
        }
        for (var i = 0; i < to.Length; i++)
            to[i] = Convert(Value(from[(i * Bytes)..]));
    }

    /// <summary>Reads one whole pixel.</summary>
    public int One(ReadOnlySpan<byte> from) => Convert(Value(from));

    /// <summary>Reads CPIXELs.</summary>
    public void ReadCompact(ReadOnlySpan<byte> from, Span<int> to)
    {
        if (CompactBytes != 3)
        {
            Read(from, to);
            return;
        }
        for (var i = 0; i < to.Length; i++)
        {
            var three = from.Slice(3 * i, 3);
            var value = _format.BigEndian ? (uint)((three[0] << 16) | (three[1] << 8) | three[2]) : (uint)((three[2] << 16) | (three[1] << 8) | three[0]);
            to[i] = _isBgrx ? (int)value : Convert(_compactHigh ? value << 8 : value);
        }
    }

    /// <summary>Reads TPIXELs.</summary>
    public void ReadTight(ReadOnlySpan<byte> from, Span<int> to)
    {
        if (TightBytes != 3)
        {
            Read(from, to);
            return;
        }
        for (var i = 0; i < to.Length; i++)
        {
            var three = from.Slice(3 * i, 3);
            to[i] = (three[0] << 16) | (three[1] << 8) | three[2];
        }
    }

    /// <summary>
    /// Reads a row of Tight's gradient filter: each component travels as its difference from left + above - above left, kept inside its range.
    /// <paramref name="row"/> and <paramref name="above"/> hold three components per pixel in the format's own units.
    /// </summary>
    public void ReadGradient(ReadOnlySpan<byte> from, Span<int> row, ReadOnlySpan<int> above, Span<int> to)
    {
        Span<int> most = TightBytes == 3 ? [255, 255, 255] : [_format.RedMax, _format.GreenMax, _format.BlueMax];
        Span<int> travelled = stackalloc int[3];
        for (var i = 0; i < to.Length; i++)
        {
            Components(from[(i * TightBytes)..], travelled);
            for (var c = 0; c < 3; c++)
            {
                var (left, up, corner) = i == 0 ? (0, above[c], 0) : (row[(3 * i) - 3 + c], above[(3 * i) + c], above[(3 * i) - 3 + c]);
                row[(3 * i) + c] = (Math.Clamp(left + up - corner, 0, most[c]) + travelled[c]) & most[c];
            }
            to[i] = TightBytes == 3
                ? (row[3 * i] << 16) | (row[(3 * i) + 1] << 8) | row[(3 * i) + 2]
                : (_red[row[3 * i]] << 16) | (_green[row[(3 * i) + 1]] << 8) | _blue[row[(3 * i) + 2]];
        }
    }

    private static byte[] Scale(int max)
    {
        var table = new byte[max + 1];
        for (var i = 1; i <= max; i++)
            table[i] = (byte)(((i * 255L) + (max / 2)) / max);
        return table;
    }

    private static void Mask(ReadOnlySpan<int> from, Span<int> to)
    {
        var i = 0;
        for (; i + Vector<int>.Count <= to.Length; i += Vector<int>.Count)
            (new Vector<int>(from[i..]) & new Vector<int>(0xffffff)).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] = from[i] & 0xffffff;
    }

    private void Components(ReadOnlySpan<byte> from, Span<int> components)
    {
        if (TightBytes == 3)
        {
            (components[0], components[1], components[2]) = (from[0], from[1], from[2]);
            return;
        }
        var value = Value(from);
        components[0] = (int)(value >> _format.RedShift) & _format.RedMax;
        components[1] = (int)(value >> _format.GreenShift) & _format.GreenMax;
        components[2] = (int)(value >> _format.BlueShift) & _format.BlueMax;
    }

    private uint Value(ReadOnlySpan<byte> from) => (Bytes, _format.BigEndian) switch
    {
        (1, _) => from[0],
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(from),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(from),
        (_, true) => BinaryPrimitives.ReadUInt32BigEndian(from),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(from),
    };

    private int Convert(uint value) =>
        (_red[(value >> _format.RedShift) & _format.RedMax] << 16) | (_green[(value >> _format.GreenShift) & _format.GreenMax] << 8) | _blue[(value >> _format.BlueShift) & _format.BlueMax];
}
