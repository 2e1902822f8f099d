using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StreamSpace.Rfb.Pictures;

/// <content>(3) Headers of rectangles, and which step comes next.</content>
public sealed partial class PictureDecoder
{
    private int _rectangles;
    private long _budget; // pixels that the update may still paint
    private int _x;
    private int _y;
    private int _width;
    private int _height;
    private int _column; // where in the rectangle the next pixel, subrectangle or tile is
    private int _row;
    private int _encoding;
    private readonly Dictionary<int, long> _counts = [];

    /// <summary>How many rectangles of an encoding have begun so far.</summary>
    public long RectanglesOf(int encoding) => _counts.GetValueOrDefault(encoding);

    private int Rectangle(ReadOnlySpan<byte> data)
    {
        if (data.Length < 12)
            return Want(12);
        _x = BinaryPrimitives.ReadUInt16BigEndian(data);
        _y = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        _height = BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        _encoding = BinaryPrimitives.ReadInt32BigEndian(data[8..]);
        (_column, _row) = (0, 0);
        if (_width > _limits.Side || _height > _limits.Side)
            return Fail(RfbFault.TooLong, Math.Max(_width, _height));
        var used = StepOf(_encoding) is { } step ? PixelRectangle(step) : Pseudo();
        if (used > 0)
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, _encoding, out _)++;
        return used;
    }

    private static Step? StepOf(int encoding) => encoding switch
    {
        RfbEncoding.Raw => Step.Raw,
        RfbEncoding.CopyRect => Step.CopyRect,
        RfbEncoding.Rre or RfbEncoding.CoRre => Step.Rre,
        RfbEncoding.Hextile => Step.HextileTile,
        RfbEncoding.Zlib or RfbEncoding.Zrle => Step.CompressedLength,
        RfbEncoding.Tight => Step.TightControl,
        _ => null,
    };

    private int PixelRectangle(Step step)
    {
        if (!Picture.Contains(_x, _y, _width, _height))
            return Fail(RfbFault.BadValue, ((long)_width << 16) | (uint)_height);
        if (!Paint((long)_width * _height))
            return 0;
        if (_width * _height == 0 && step is Step.Raw or Step.HextileTile)
            return Done(12);
        if (_line.Length < Math.Max(_width, Tile * Tile))
            _line = new int[Math.Max(_width, Tile * Tile)];
        _step = step;
        return 12;
    }

    private int Pseudo()
    {
        switch (_encoding)
        {
            case RfbEncoding.LastRect:
                _rectangles = 1;
                return Done(12);
            case RfbEncoding.DesktopSize:
                return Resize() ? Done(12) : 0;
            case RfbEncoding.QemuExtendedKey or RfbEncoding.QemuPointerMotion or RfbEncoding.QemuAudio or RfbEncoding.Xvp or RfbEncoding.Fence
                or RfbEncoding.ContinuousUpdates or RfbEncoding.ExtendedMouseButtons:
                Confirmed?.Invoke(_encoding);
                return Done(12);
            case RfbEncoding.ExtendedDesktopSize:
                return Next(Step.ScreenList);
            case RfbEncoding.DesktopName:
                return Next(Step.NameLength);
            case RfbEncoding.QemuLed:
                return Next(Step.Led);
            case RfbEncoding.Cursor:
                return Next(Step.Cursor);
            case RfbEncoding.XCursor:
                return Next(Step.XCursor);
            case RfbEncoding.AlphaCursor:
                return Next(Step.AlphaCursor);
            case RfbEncoding.VMwareCursor:
                return Next(Step.VMwareCursor);
            default:
                return Fail(RfbFault.UnknownEncoding, _encoding);
        }
    }

    /// <summary>A header is done, and more of the rectangle follows; a cursor without pixels is over at once.</summary>
    private int Next(Step step)
    {
        if (step is Step.Cursor or Step.XCursor or Step.AlphaCursor or Step.VMwareCursor)
        {
            if (_width > _limits.CursorSide || _height > _limits.CursorSide)
                return Fail(RfbFault.TooLong, Math.Max(_width, _height));
            if (_width * _height == 0 && step is Step.Cursor or Step.XCursor)
            {
                Cursor = new(0, 0, 0, 0, default);
                return Done(12);
            }
        }
        _step = step;
        return 12;
    }

    /// <summary>Counts pixels that are about to be painted. What a few bytes can make of a whole picture ends somewhere.</summary>
    private bool Paint(long pixels)
    {
        Painted += pixels;
        _budget -= pixels;
        if (_budget >= 0)
            return true;
        Fail(RfbFault.TooLong, pixels);
        return false;
    }

    /// <summary>(5) The rectangle is over.</summary>
    private int Done(int used)
    {
        if (--_rectangles > 0)
            _step = Step.Rectangle;
        else
            EndUpdate();
        return used;
    }

    private void EndUpdate()
    {
        Updates++;
        _step = Step.Message;
        _complete = true;
    }
}
