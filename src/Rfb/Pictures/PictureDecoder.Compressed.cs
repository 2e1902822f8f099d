using System.Buffers.Binary;

namespace StreamSpace.Rfb.Pictures;

/// <content>(4) Zlib (rfbproto, "Zlib Encoding") and ZRLE (RFC 6143, 7.7.6). A block is collected as a whole, then inflated as its pixels are read.</content>
public sealed partial class PictureDecoder
{
    private readonly int[] _palette = new int[256];
    private int _length;

    private int CompressedLength(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
            return Want(4);
        var length = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (length > _limits.Compressed)
            return Fail(RfbFault.TooLong, length);
        _length = (int)length;
        if (_length == 0)
            return _width * _height == 0 ? Done(4) : Fail(RfbFault.BadData, _encoding);
        _step = _encoding == RfbEncoding.Zlib ? Step.Zlib : Step.Zrle;
        return 4;
    }

    private int Zlib(ReadOnlySpan<byte> data)
    {
        if (data.Length < _length)
            return Want(_length);
        _inflaters.Begin(Inflaters.Zlib, data[.._length]);
        var line = _line.AsSpan(0, _width);
        for (var row = 0; row < _height; row++)
        {
            if (!_inflaters.Take(_width * _pixels.Bytes, out var pixels))
                return Fail(RfbFault.BadData, _encoding);
            _pixels.Read(pixels, line);
            Picture.Put(_x, _y + row, line);
        }
        return _inflaters.End() ? Done(_length) : Fail(RfbFault.BadData, _encoding);
    }

    private int Zrle(ReadOnlySpan<byte> data)
    {
        if (data.Length < _length)
            return Want(_length);
        _inflaters.Begin(Inflaters.Zrle, data[.._length]);
        for (var y = 0; y < _height; y += Tile)
        {
            for (var x = 0; x < _width; x += Tile)
            {
                int width = Math.Min(Tile, _width - x), height = Math.Min(Tile, _height - y);
                var tile = _line.AsSpan(0, width * height);
                if (!ZrleTile(tile, width))
                    return Fail(RfbFault.BadData, _encoding);
                for (var row = 0; row < height; row++)
                    Picture.Put(_x + x, _y + y + row, tile.Slice(row * width, width));
            }
        }
        return _inflaters.End() ? Done(_length) : Fail(RfbFault.BadData, _encoding);
    }

    /// <summary>0 raw, 1 one colour, 2..16 packed palette, 128 runs, 130..255 runs of palette colours.</summary>
    private bool ZrleTile(Span<int> tile, int width)
    {
        if (!_inflaters.Take(1, out var head))
            return false;
        int kind = head[0], colours = kind & 0x7f;
        if (kind == 0)
            return Compact(tile);
        if (kind is (> 16 and < 128) or 129 || (kind != 128 && !Compact(_palette.AsSpan(0, colours))))
            return false;
        if (kind == 1)
            tile.Fill(_palette[0]);
        return kind switch
        {
            1 => true,
            < 128 => Packed(tile, width, colours),
            _ => Runs(tile, colours),
        };
    }

    private bool Compact(Span<int> pixels)
    {
        if (!_inflaters.Take(pixels.Length * _pixels.CompactBytes, out var bytes))
            return false;
        _pixels.ReadCompact(bytes, pixels);
        return true;
    }

    private bool Packed(Span<int> tile, int width, int colours)
    {
        var bits = colours == 2 ? 1 : colours <= 4 ? 2 : 4;
        for (var at = 0; at < tile.Length; at += width)
        {
            if (!_inflaters.Take(((width * bits) + 7) / 8, out var packed))
                return false;
            for (var x = 0; x < width; x++)
            {
                var index = (packed[x * bits / 8] >> (8 - bits - (x * bits % 8))) & ((1 << bits) - 1);
                if (index >= colours)
                    return false;
                tile[at + x] = _palette[index];
            }
        }
        return true;
    }

    /// <summary>No palette: each run has a pixel and a length. With one: an index, whose highest bit says that a length follows.</summary>
    private bool Runs(Span<int> tile, int colours)
    {
        Span<int> pixel = stackalloc int[1];
        for (var at = 0; at < tile.Length;)
        {
            var length = 1;
            var hasLength = true;
            if (colours == 0)
            {
                if (!Compact(pixel))
                    return false;
            }
            else
            {
                if (!_inflaters.Take(1, out var index) || (index[0] & 0x7f) >= colours)
                    return false;
                pixel[0] = _palette[index[0] & 0x7f];
                hasLength = (index[0] & 0x80) != 0;
            }
            if ((hasLength && !RunLength(tile.Length - at, out length)) || length > tile.Length - at)
                return false;
            tile.Slice(at, length).Fill(pixel[0]);
            at += length;
        }
        return true;
    }

    private bool RunLength(int most, out int length)
    {
        length = 1;
        byte part;
        do
        {
            if (!_inflaters.Take(1, out var bytes) || length > most)
                return false;
            part = bytes[0];
            length += part;
        }
        while (part == 255);
        return true;
    }
}
