using System.Buffers.Binary;

namespace StreamSpace.Rfb;

/// <summary>How a pixel is written on the wire (RFC 6143, 7.4).</summary>
/// <param name="BitsPerPixel">8, 16 or 32.</param>
/// <param name="Depth">Useful bits.</param>
/// <param name="BigEndian">Byte order of a pixel.</param>
/// <param name="TrueColour">False when pixels are indexes into a colour map.</param>
/// <param name="RedMax">Largest red value.</param>
/// <param name="GreenMax">Largest green value.</param>
/// <param name="BlueMax">Largest blue value.</param>
/// <param name="RedShift">Bits right of red.</param>
/// <param name="GreenShift">Bits right of green.</param>
/// <param name="BlueShift">Bits right of blue.</param>
public readonly record struct PixelFormat(
    byte BitsPerPixel, byte Depth, bool BigEndian, bool TrueColour,
    ushort RedMax, ushort GreenMax, ushort BlueMax, byte RedShift, byte GreenShift, byte BlueShift)
{
    /// <summary>Bytes that a format takes on the wire, padding included.</summary>
    public const int Length = 16;

    /// <summary>32 bits, bytes blue, green, red, unused: what noVNC asks for and browsers paint from.</summary>
    public static PixelFormat Bgrx { get; } = new(32, 24, false, true, 255, 255, 255, 16, 8, 0);

    /// <summary>Bytes of one pixel.</summary>
    public int BytesPerPixel => BitsPerPixel / 8;

    /// <summary>Bytes of one pixel inside Tight: 3 when 24 bits of colour travel in 32 (rfbproto, "Tight Encoding", TPIXEL).</summary>
    public int TightBytesPerPixel =>
        BitsPerPixel == 32 && Depth == 24 && TrueColour && RedMax == 255 && GreenMax == 255 && BlueMax == 255 ? 3 : BytesPerPixel;

    /// <summary>Reads the 16 bytes. False when the number of bits is none the protocol knows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PixelFormat format)
    {
        format = new(
            bytes[0], bytes[1], bytes[2] != 0, bytes[3] != 0,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]),
            bytes[10], bytes[11], bytes[12]);
        return bytes[0] is 8 or 16 or 32;
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[..Length].Clear();
        bytes[0] = BitsPerPixel;
        bytes[1] = Depth;
        bytes[2] = BigEndian ? (byte)1 : (byte)0;
        bytes[3] = TrueColour ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], RedMax);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], GreenMax);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[8..], BlueMax);
        bytes[10] = RedShift;
        bytes[11] = GreenShift;
        bytes[12] = BlueShift;
    }
}
