using System.Buffers.Binary;

namespace StreamSpace.Rfb.Pictures;

/// <content>
/// (4) The pointer's shape: Cursor (RFC 6143, 7.8.1), XCursor, Cursor With Alpha (rfbproto) and VMware's (as noVNC and TigerVNC read it).
/// </content>
public sealed partial class PictureDecoder
{
    /// <summary>The pointer's shape; null before the server sent one.</summary>
    public CursorShape? Cursor { get; private set; }

    private int MaskRow => (_width + 7) / 8;

    private int Pointer(ReadOnlySpan<byte> data) => _step switch
    {
        Step.Cursor => MaskedCursor(data),
        Step.XCursor => TwoColourCursor(data),
        Step.AlphaCursor => AlphaCursor(data),
        _ => VMwareCursor(data),
    };

    private int MaskedCursor(ReadOnlySpan<byte> data)
    {
        var pixels = _width * _height * _pixels.Bytes;
        var need = pixels + (MaskRow * _height);
        if (data.Length < need)
            return Want(need);
        var shape = new uint[_width * _height];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = IsSet(data[pixels..], i) ? Opaque(_pixels.One(data[(i * _pixels.Bytes)..])) : 0;
        return Shaped(shape, need);
    }

    /// <summary>Two colours of three bytes, then a bitmap that chooses between them, then the mask.</summary>
    private int TwoColourCursor(ReadOnlySpan<byte> data)
    {
        var bitmap = MaskRow * _height;
        var need = 6 + (2 * bitmap);
        if (data.Length < need)
            return Want(need);
        int first = (data[0] << 16) | (data[1] << 8) | data[2], second = (data[3] << 16) | (data[4] << 8) | data[5];
        var shape = new uint[_width * _height];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = IsSet(data[(6 + bitmap)..], i) ? Opaque(IsSet(data[6..], i) ? first : second) : 0;
        return Shaped(shape, need);
    }

    /// <summary>An encoding, of which Raw is used, then red, green, blue, alpha; the colours are multiplied by alpha.</summary>
    private int AlphaCursor(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
            return Want(4);
        var encoding = BinaryPrimitives.ReadInt32BigEndian(data);
        if (encoding != RfbEncoding.Raw)
            return Fail(RfbFault.UnknownEncoding, encoding);
        var need = 4 + (4 * _width * _height);
        if (data.Length < need)
            return Want(need);
        var shape = new uint[_width * _height];
        for (var i = 0; i < shape.Length; i++)
        {
            var pixel = data.Slice(4 + (4 * i), 4);
            uint alpha = pixel[3];
            shape[i] = alpha == 0 ? 0 : (alpha << 24) | (Straight(pixel[0], alpha) << 16) | (Straight(pixel[1], alpha) << 8) | Straight(pixel[2], alpha);
        }
        return Shaped(shape, need);
    }

    /// <summary>A kind (0 masks, 1 alpha) and a byte of padding; then an AND mask and an XOR mask of pixels, or red, green, blue, alpha.</summary>
    private int VMwareCursor(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2)
            return Want(2);
        if (data[0] > 1)
            return Fail(RfbFault.BadValue, data[0]);
        var count = _width * _height;
        var need = 2 + (count * (data[0] == 0 ? 2 * _pixels.Bytes : 4));
        if (data.Length < need)
            return Want(need);
        var shape = new uint[count];
        for (var i = 0; i < count; i++)
        {
            if (data[0] == 1)
            {
                var pixel = data.Slice(2 + (4 * i), 4);
                shape[i] = ((uint)pixel[3] << 24) | ((uint)pixel[0] << 16) | ((uint)pixel[1] << 8) | pixel[2];
                continue;
            }
            var keep = data.Slice(2 + (i * _pixels.Bytes), _pixels.Bytes);
            var flip = _pixels.One(data[(2 + ((count + i) * _pixels.Bytes))..]);
            // What is kept and not flipped is transparent; what is kept and flipped inverts the picture, for which black stands here.
            shape[i] = !keep.ContainsAnyExcept((byte)0) ? Opaque(flip) : flip == 0 ? 0 : Opaque(0);
        }
        return Shaped(shape, need);
    }

    private int Shaped(uint[] shape, int used)
    {
        Cursor = new(_width, _height, _x, _y, shape);
        return Done(used);
    }

    private bool IsSet(ReadOnlySpan<byte> bitmap, int pixel)
    {
        int x = pixel % _width, y = pixel / _width;
        return (bitmap[(y * MaskRow) + (x / 8)] & (0x80 >> (x % 8))) != 0;
    }

    private static uint Opaque(int colour) => 0xff000000 | (uint)colour;

    private static uint Straight(uint multiplied, uint alpha) => Math.Min(255, ((multiplied * 255) + (alpha / 2)) / alpha);
}
