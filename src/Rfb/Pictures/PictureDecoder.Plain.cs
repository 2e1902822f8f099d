using System.Buffers.Binary;

namespace StreamSpace.Rfb.Pictures;

/// <content>(4) Encodings without compression state: Raw (RFC 6143, 7.7.1), CopyRect (7.7.2), RRE (7.7.3), CoRRE, Hextile (7.7.4).</content>
public sealed partial class PictureDecoder
{
    private const int Tile = 64; // the largest tile, ZRLE's

    private uint _subrectangles;
    private int _background;
    private int _foreground;

    /// <summary>As many pixels as are there.</summary>
    private int Raw(ReadOnlySpan<byte> data)
    {
        var bytes = _pixels.Bytes;
        if (data.Length < bytes)
            return Want(bytes);
        var used = 0;
        while (_row < _height && data.Length - used >= bytes)
        {
            var count = Math.Min(_width - _column, (data.Length - used) / bytes);
            var line = _line.AsSpan(0, count);
            _pixels.Read(data.Slice(used, count * bytes), line);
            Picture.Put(_x + _column, _y + _row, line);
            used += count * bytes;
            _column += count;
            if (_column == _width)
                (_column, _row) = (0, _row + 1);
        }
        return _row == _height ? Done(used) : used;
    }

    private int CopyRect(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
            return Want(4);
        int fromX = BinaryPrimitives.ReadUInt16BigEndian(data), fromY = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (!Picture.Contains(fromX, fromY, _width, _height))
            return Fail(RfbFault.BadValue, ((long)fromX << 16) | (uint)fromY);
        Picture.Copy(fromX, fromY, _x, _y, _width, _height);
        return Done(4);
    }

    private int Rre(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 + _pixels.Bytes)
            return Want(4 + _pixels.Bytes);
        _subrectangles = BinaryPrimitives.ReadUInt32BigEndian(data);
        Picture.Fill(_x, _y, _width, _height, _pixels.One(data[4..]));
        if (_subrectangles == 0)
            return Done(4 + _pixels.Bytes);
        _step = _encoding == RfbEncoding.Rre ? Step.RreRectangle : Step.CoRreRectangle;
        return 4 + _pixels.Bytes;
    }

    private int Subrectangle(ReadOnlySpan<byte> data, bool wide)
    {
        var bytes = _pixels.Bytes;
        var need = bytes + (wide ? 8 : 4);
        if (data.Length < need)
            return Want(need);
        var place = data[bytes..];
        var (x, y, width, height) = wide
            ? (BinaryPrimitives.ReadUInt16BigEndian(place), BinaryPrimitives.ReadUInt16BigEndian(place[2..]), BinaryPrimitives.ReadUInt16BigEndian(place[4..]), BinaryPrimitives.ReadUInt16BigEndian(place[6..]))
            : (place[0], place[1], place[2], place[3]);
        if (x + width > _width || y + height > _height)
            return Fail(RfbFault.BadValue, ((long)width << 16) | height);
        if (!Paint((long)width * height))
            return 0;
        Picture.Fill(_x + x, _y + y, width, height, _pixels.One(data));
        return --_subrectangles == 0 ? Done(need) : need;
    }

    /// <summary>Bit 0 raw, 1 background, 2 foreground, 3 subrectangles, 4 each with its colour. Colours stay from tile to tile.</summary>
    private int HextileTile(ReadOnlySpan<byte> data)
    {
        int kind = data[0], width = Math.Min(16, _width - _column), height = Math.Min(16, _height - _row);
        var bytes = _pixels.Bytes;
        var tile = _line.AsSpan(0, width * height);
        int used;
        if ((kind & 1) != 0)
        {
            used = 1 + (width * height * bytes);
            if (data.Length < used)
                return Want(used);
            _pixels.Read(data[1..used], tile);
        }
        else
        {
            var head = 1 + (((kind >> 1) & 1) * bytes) + (((kind >> 2) & 1) * bytes) + ((kind >> 3) & 1);
            if (data.Length < head)
                return Want(head);
            var each = 2 + ((kind & 16) != 0 ? bytes : 0);
            var count = (kind & 8) != 0 ? data[head - 1] : 0;
            used = head + (count * each);
            if (data.Length < used)
                return Want(used);
            var at = 1;
            if ((kind & 2) != 0)
                _background = Colour(data, ref at);
            if ((kind & 4) != 0)
                _foreground = Colour(data, ref at);
            tile.Fill(_background);
            for (at = head; at < used; at += each)
            {
                if (!HextileSubrectangle(data.Slice(at, each), (kind & 16) != 0, tile, width, height))
                    return Fail(RfbFault.BadValue, data[at]);
            }
        }
        for (var row = 0; row < height; row++)
            Picture.Put(_x + _column, _y + _row + row, tile.Slice(row * width, width));
        _column += 16;
        if (_column >= _width)
            (_column, _row) = (0, _row + 16);
        return _row >= _height ? Done(used) : used;
    }

    private bool HextileSubrectangle(ReadOnlySpan<byte> data, bool coloured, Span<int> tile, int tileWidth, int tileHeight)
    {
        var at = 0;
        var colour = coloured ? Colour(data, ref at) : _foreground;
        int x = data[at] >> 4, y = data[at] & 15, width = (data[at + 1] >> 4) + 1, height = (data[at + 1] & 15) + 1;
        if (x + width > tileWidth || y + height > tileHeight)
            return false;
        for (var row = y; row < y + height; row++)
            tile.Slice((row * tileWidth) + x, width).Fill(colour);
        return true;
    }

    private int Colour(ReadOnlySpan<byte> data, ref int at)
    {
        at += _pixels.Bytes;
        return _pixels.One(data[(at - _pixels.Bytes)..]);
    }
}
