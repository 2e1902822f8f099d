using System.Buffers.Binary;

namespace StreamSpace.Rfb.Messages;

/// <content>The rectangles of an update: how long each of them is.</content>
public sealed partial class ServerStream
{
    private int _x;
    private int _y;
    private int _width;
    private int _height;
    private int _tileX;
    private int _tileY;
    private bool _tightPng;
    private long _tightData;
    private int _inflater; // which of the viewer's inflaters the coming data goes to; 0: none

    private bool Rectangle(ReadOnlySpan<byte> rest, ref int at)
    {
        int x = BinaryPrimitives.ReadUInt16BigEndian(rest), y = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
        _height = BinaryPrimitives.ReadUInt16BigEndian(rest[6..]);
        var encoding = BinaryPrimitives.ReadInt32BigEndian(rest[8..]);
        if (_width > _limits.Side || _height > _limits.Side)
            return Lose(RfbFault.TooLong, Math.Max(_width, _height));
        at += 12;
        (_x, _y) = (x, y);
        var pixels = (long)_width * _height;
        if (_lossy > 0 && encoding is RfbEncoding.Raw or RfbEncoding.Rre or RfbEncoding.CoRre or RfbEncoding.Hextile or RfbEncoding.Zlib or RfbEncoding.Zrle)
            PaintedExactly();
        switch (encoding)
        {
            case RfbEncoding.Raw:
                return Done(pixels * _bytesPerPixel);
            case RfbEncoding.CopyRect:
                return Done(4);
            case RfbEncoding.Rre:
                return Next(Step.RreHeader);
            case RfbEncoding.CoRre:
                return Next(Step.CoRreHeader);
            case RfbEncoding.Hextile:
                _tileX = _tileY = 0;
                return pixels == 0 ? Done(0) : Next(Step.HextileTile);
            case RfbEncoding.Zlib or RfbEncoding.Zrle:
                _inflater = encoding == RfbEncoding.Zlib ? 1 << 4 : 1 << 5;
                return Next(Step.CompressedLength);
            case RfbEncoding.Tight or RfbEncoding.TightPng:
                _tightPng = encoding == RfbEncoding.TightPng;
                return Next(Step.TightControl);
            case RfbEncoding.LastRect:
                _rectangles = 1;
                return Done(0);
            case RfbEncoding.DesktopSize:
                return Resized();
            case RfbEncoding.ExtendedDesktopSize:
                if (!_toldResize)
                    Notice |= ServerNotice.ResizeReady;
                _toldResize = true;
                if (x != 1 || y == 0) // 1: this viewer asked; then y is the server's verdict
                    SetSize();
                return Next(Step.ScreenList);
            case RfbEncoding.ExtendedMouseButtons:
                ExtendedPointer = true;
                return Done(0);
            case RfbEncoding.H264:
                return Next(Step.H264Length);
            case RfbEncoding.Jpeg:
                PaintedLossily();
                return Next(Step.JpegMarker);
            case RfbEncoding.QemuExtendedKey or RfbEncoding.QemuPointerMotion or RfbEncoding.QemuAudio or RfbEncoding.Xvp or RfbEncoding.Fence or RfbEncoding.ContinuousUpdates:
                return Done(0);
            case RfbEncoding.QemuLed:
                return Done(1);
            case RfbEncoding.DesktopName:
                return Next(Step.NameLength);
            case RfbEncoding.Cursor:
                return Cursor((pixels * _bytesPerPixel) + MaskBytes());
            case RfbEncoding.XCursor:
                return Cursor(pixels == 0 ? 0 : 6 + (2 * MaskBytes()));
            case RfbEncoding.AlphaCursor:
                return Next(Step.AlphaCursorHeader);
            case RfbEncoding.VMwareCursor:
                return Next(Step.VMwareHeader);
            default:
                return Lose(RfbFault.UnknownEncoding, encoding);
        }
    }

    private bool Next(Step step)
    {
        _step = step;
        return true;
    }

    /// <summary>The rest of the rectangle is only skipped.</summary>
    private bool Done(long content)
    {
        _skip = content;
        if (--_rectangles > 0)
            return Next(Step.Rectangle);
        Updates++;
        return Next(Step.Message);
    }

    private bool Take(long content, int header, ref int at)
    {
        at += header;
        return Done(content);
    }

    private bool Resized()
    {
        SetSize();
        return Done(0);
    }

    private void SetSize()
    {
        Width = _width;
        Height = _height;
    }

    private long MaskBytes() => (long)((_width + 7) / 8) * _height;

    private bool Cursor(long content) =>
        _width > _limits.CursorSide || _height > _limits.CursorSide ? Lose(RfbFault.TooLong, Math.Max(_width, _height)) : Done(content);

    private bool VMwareCursor(ReadOnlySpan<byte> rest, ref int at)
    {
        if (rest[0] > 1)
            return Lose(RfbFault.BadValue, rest[0]);
        at += 2;
        return Cursor((long)_width * _height * (rest[0] == 0 ? 2 * _bytesPerPixel : 4));
    }

    private bool Subrectangles(ReadOnlySpan<byte> rest, int each, ref int at) =>
        Take(_bytesPerPixel + ((long)BinaryPrimitives.ReadUInt32BigEndian(rest) * each), 4, ref at);

    private bool Name(ReadOnlySpan<byte> rest, ref int at)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return length > _limits.Name ? Lose(RfbFault.TooLong, length) : Take(length, 4, ref at);
    }

    /// <summary>RFC 6143, 7.7.4: bit 0 raw, 1 background, 2 foreground, 3 subrectangles, 4 each with its colour.</summary>
    private bool HextileTile(ReadOnlySpan<byte> rest, ref int at)
    {
        var kind = rest[0];
        long content = 0;
        var header = 1;
        if ((kind & 1) != 0)
            content = (long)Math.Min(16, _width - _tileX) * Math.Min(16, _height - _tileY) * _bytesPerPixel;
        else
        {
            header += ((kind >> 1) & 1) * _bytesPerPixel;
            header += ((kind >> 2) & 1) * _bytesPerPixel;
            header += (kind >> 3) & 1;
            if (rest.Length < header)
                return false;
            if ((kind & 8) != 0)
                content = rest[header - 1] * ((kind & 16) != 0 ? _bytesPerPixel + 2L : 2);
        }
        at += header;
        _tileX += 16;
        if (_tileX >= _width)
        {
            _tileX = 0;
            _tileY += 16;
        }
        if (_tileY >= _height)
            return Done(content);
        _skip = content;
        return true;
    }

    /// <summary>rfbproto, "Tight Encoding": bits 0..3 reset a zlib stream, the upper half tells the kind.</summary>
    private bool TightControl(ReadOnlySpan<byte> rest, ref int at)
    {
        _behead &= ~(rest[0] & 0x0f); // the server itself begins anew, and the viewer knows
        var kind = rest[0] >> 4;
        _inflater = kind < 8 ? 1 << (kind & 3) : 0;
        at++;
        _tightData = (long)_width * _height * _tightBytesPerPixel;
        if (kind == 9)
            PaintedLossily();
        else if (_lossy > 0)
            PaintedExactly();
        if (kind == 8)
            return Done(_tightBytesPerPixel);
        if (kind == 9 || (kind == 10 && _tightPng))
            return Next(Step.TightLength);
        if (kind > 7 || _tightPng)
            return Lose(RfbFault.BadValue, kind);
        return (kind & 4) != 0 ? Next(Step.TightFilter) : TightPixels(0);
    }

    private bool TightFilter(ReadOnlySpan<byte> rest, ref int at)
    {
        if (rest[0] > 2)
            return Lose(RfbFault.BadValue, rest[0]);
        if (rest[0] != 1)
        {
            at++;
            return TightPixels(0);
        }
        if (rest.Length < 2)
            return false;
        at += 2;
        var colours = rest[1] + 1;
        _tightData = colours <= 2 ? MaskBytes() : (long)_width * _height;
        return TightPixels(colours * _tightBytesPerPixel);
    }

    /// <summary>Less than 12 bytes travel as they are, more as a zlib block with its length.</summary>
    private bool TightPixels(int palette)
    {
        if (_tightData < 12)
            return Done(palette + _tightData);
        _skip = palette;
        return Next(Step.TightLength);
    }

    /// <summary>One to three bytes, seven bits each (eight in the third), lowest first.</summary>
    private bool TightLength(Span<byte> data, ref int at, ref int end)
    {
        var rest = data[at..end];
        int length = rest[0] & 0x7f, used = 1;
        if ((rest[0] & 0x80) != 0)
        {
            if (rest.Length < 2)
                return false;
            length |= (rest[1] & 0x7f) << 7;
            used = 2;
            if ((rest[1] & 0x80) != 0)
            {
                if (rest.Length < 3)
                    return false;
                length |= rest[2] << 14;
                used = 3;
            }
        }
        if (!MustBehead(length))
            return Take(length, used, ref at);
        if (!Behead(data, at + used, ref end))
            return false;
        length -= 2;
        rest[0] = (byte)(used == 1 ? length : 0x80 | (length & 0x7f)); // as many bytes as before, even if fewer would do
        if (used > 1)
            rest[1] = (byte)(used == 2 ? (length >> 7) & 0x7f : 0x80 | ((length >> 7) & 0x7f));
        if (used > 2)
            rest[2] = (byte)(length >> 14);
        return Take(length, used, ref at);
    }

    private bool CompressedLength(Span<byte> data, ref int at, ref int end)
    {
        if (end - at < 4)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
        if (!MustBehead(length))
            return Take(length, 4, ref at);
        if (!Behead(data, at + 4, ref end))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(data[at..], length - 2);
        return Take(length - 2, 4, ref at);
    }

    private bool MustBehead(long length)
    {
        if (length == 0)
            return false;
        _begun |= _inflater;
        return (_behead & _inflater) != 0;
    }

    /// <summary>Cuts the two bytes of a zlib header out of the data that begin at <paramref name="from"/>; false when they are not there yet, or are none.</summary>
    private bool Behead(Span<byte> data, int from, ref int end)
    {
        if (end - from < 2)
            return false;
        var (first, second) = (data[from], data[from + 1]);
        var isHeader = (first & 0x0f) == 8 && ((first << 8) | second) % 31 == 0 && (second & 0x20) == 0;
        if (!isHeader)
        {
            Notice |= ServerNotice.CannotJoin;
            return Lose(RfbFault.BadValue, (first << 8) | second);
        }
        _behead &= ~_inflater;
        CutOut(data, from, 2, ref end);
        return true;
    }
}
