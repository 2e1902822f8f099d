namespace StreamSpace.Rfb.Pictures;

/// <content>(4) Tight (rfbproto, "Tight Encoding"): fill, JPEG, and pixels through one of four zlib streams, plain, with a palette or with the gradient filter.</content>
public sealed partial class PictureDecoder
{
    private const int Shortest = 12; // less plain data than this travels uncompressed

    private int _tightStream;
    private int _tightColours; // 0: no palette
    private bool _tightGradient;
    private int[] _components = []; // the gradient filter's two rows
    private int[] _decoded = []; // a JPEG file's pixels

    private int TightRowBytes => _tightColours switch
    {
        0 => _width * _pixels.TightBytes,
        <= 2 => (_width + 7) / 8,
        _ => _width,
    };

    private int Tight(ReadOnlySpan<byte> data) => _step switch
    {
        Step.TightControl => TightControl(data),
        Step.TightFill => TightFill(data),
        Step.TightFilter => TightFilter(data),
        Step.TightPalette => TightPalette(data),
        Step.TightPlain => TightPlain(data),
        Step.TightLength => TightLength(data),
        Step.TightData => TightData(data),
        _ => TightJpeg(data),
    };

    /// <summary>Bits 0..3 reset a stream; above them 8 is fill, 9 JPEG, below 8 the stream (two bits) and whether a filter follows.</summary>
    private int TightControl(ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < 4; i++)
        {
            if ((data[0] & (1 << i)) != 0)
                _inflaters.Reset(i);
        }
        var kind = data[0] >> 4;
        if (kind > 9)
            return Fail(RfbFault.BadValue, kind);
        _tightStream = kind & 3;
        _tightColours = 0;
        _tightGradient = false;
        _step = kind switch
        {
            8 => Step.TightFill,
            9 => Step.TightLength,
            _ when (kind & 4) != 0 => Step.TightFilter,
            _ => TightPixels(),
        };
        if (kind == 9)
            _tightStream = -1;
        return _step == Step.TightPlain && _width * _height == 0 ? Done(1) : 1;
    }

    private int TightFill(ReadOnlySpan<byte> data)
    {
        if (data.Length < _pixels.TightBytes)
            return Want(_pixels.TightBytes);
        _pixels.ReadTight(data[.._pixels.TightBytes], _palette.AsSpan(0, 1));
        Picture.Fill(_x, _y, _width, _height, _palette[0]);
        return Done(_pixels.TightBytes);
    }

    private int TightFilter(ReadOnlySpan<byte> data)
    {
        if (data[0] > 2)
            return Fail(RfbFault.BadValue, data[0]);
        if (data[0] == 1)
        {
            if (data.Length < 2)
                return Want(2);
            _tightColours = data[1] + 1;
            _step = Step.TightPalette;
            return 2;
        }
        _tightGradient = data[0] == 2;
        _step = TightPixels();
        return _step == Step.TightPlain && _width * _height == 0 ? Done(1) : 1;
    }

    private int TightPalette(ReadOnlySpan<byte> data)
    {
        var length = _tightColours * _pixels.TightBytes;
        if (data.Length < length)
            return Want(length);
        _pixels.ReadTight(data[..length], _palette.AsSpan(0, _tightColours));
        _step = TightPixels();
        return _step == Step.TightPlain && _width * _height == 0 ? Done(length) : length;
    }

    private Step TightPixels() => (long)TightRowBytes * _height < Shortest ? Step.TightPlain : Step.TightLength;

    private int TightPlain(ReadOnlySpan<byte> data)
    {
        var length = TightRowBytes * _height;
        if (data.Length < length)
            return Want(length);
        BeginTightRows();
        for (var row = 0; row < _height; row++)
        {
            if (!TightRow(data.Slice(row * TightRowBytes, TightRowBytes), row))
                return Fail(RfbFault.BadData, _encoding);
        }
        return Done(length);
    }

    /// <summary>One to three bytes, seven bits each (eight in the third), lowest first.</summary>
    private int TightLength(ReadOnlySpan<byte> data)
    {
        var used = 1;
        _length = data[0] & 0x7f;
        if ((data[0] & 0x80) != 0)
        {
            if (data.Length < 2)
                return Want(2);
            used = 2;
            _length |= (data[1] & 0x7f) << 7;
            if ((data[1] & 0x80) != 0)
            {
                if (data.Length < 3)
                    return Want(3);
                used = 3;
                _length |= data[2] << 14;
            }
        }
        if (_length > _limits.Compressed)
            return Fail(RfbFault.TooLong, _length);
        if (_length == 0)
            return Fail(RfbFault.BadData, _encoding);
        _step = _tightStream < 0 ? Step.TightJpeg : Step.TightData;
        return used;
    }

    private int TightData(ReadOnlySpan<byte> data)
    {
        if (data.Length < _length)
            return Want(_length);
        _inflaters.Begin(_tightStream, data[.._length]);
        BeginTightRows();
        for (var row = 0; row < _height; row++)
        {
            if (!_inflaters.Take(TightRowBytes, out var bytes) || !TightRow(bytes, row))
                return Fail(RfbFault.BadData, _encoding);
        }
        return _inflaters.End() ? Done(_length) : Fail(RfbFault.BadData, _encoding);
    }

    private int TightJpeg(ReadOnlySpan<byte> data)
    {
        if (data.Length < _length)
            return Want(_length);
        if (!CanDecodeJpeg)
            return Fail(RfbFault.NoJpeg, _encoding);
        var count = _width * _height;
        if (_decoded.Length < count)
            _decoded = new int[count];
        if (!TurboJpeg.TryDecode(data[.._length], _width, _height, _decoded))
            return Fail(RfbFault.BadData, _encoding);
        for (var row = 0; row < _height; row++)
            Picture.Put(_x, _y + row, _decoded.AsSpan(row * _width, _width));
        return Done(_length);
    }

    private void BeginTightRows()
    {
        if (!_tightGradient)
            return;
        if (_components.Length < 6 * _width)
            _components = new int[6 * _width];
        _components.AsSpan().Clear();
    }

    private bool TightRow(ReadOnlySpan<byte> bytes, int row)
    {
        var line = _line.AsSpan(0, _width);
        if (_tightGradient)
        {
            var even = row % 2 == 0 ? 0 : 3 * _width;
            _pixels.ReadGradient(bytes, _components.AsSpan(even, 3 * _width), _components.AsSpan((3 * _width) - even, 3 * _width), line);
        }
        else if (_tightColours == 0)
            _pixels.ReadTight(bytes, line);
        else
        {
            for (var x = 0; x < line.Length; x++)
            {
                var index = _tightColours <= 2 ? (bytes[x / 8] >> (7 - (x % 8))) & 1 : bytes[x];
                if (index >= _tightColours)
                    return false;
                line[x] = _palette[index];
            }
        }
        Picture.Put(_x, _y + row, line);
        return true;
    }
}
