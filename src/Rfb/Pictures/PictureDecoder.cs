using System.Buffers.Binary;

namespace StreamSpace.Rfb.Pictures;

/// <summary>
/// Decodes a server's stream after the handshake into a <see cref="Picture"/>. Fed with pieces of any size, of a connection or of a recording: a message may
/// be split anywhere. Hostile bytes end in <see cref="Error"/>, never in an exception; memory is bounded by <see cref="RfbLimits"/>, and grows with what has
/// arrived rather than with what was announced (the picture itself excepted).
/// Map: (1) <see cref="Feed"/> hands the next step its bytes, and keeps what is too short for it; (2) a message's fixed part; (3) a rectangle's header, which
/// chooses the step of its encoding; (4) the encodings: Plain (Raw, CopyRect, RRE, CoRRE, Hextile), Compressed (Zlib, ZRLE), Tight, Pointer (cursors), Desktop
/// (sizes, names); (5) the last rectangle ends the message.
/// Not safe for several threads; <see cref="Picture"/> may be read by another one.
/// </summary>
public sealed partial class PictureDecoder : IDisposable
{
    private readonly RfbLimits _limits;
    private readonly Inflaters _inflaters = new();
    private PixelReader _pixels;
    private int[] _line = [];
    private byte[] _kept = [];
    private int _keptLength;
    private int _want = 1;
    private Step _step;
    private long _skip;
    private byte _type;
    private bool _complete;
    private byte[] _content = [];
    private int _contentLength;

    /// <summary>Begins behind a server's ServerInit.</summary>
    /// <param name="width">The picture.</param>
    /// <param name="height">The picture.</param>
    /// <param name="format">The pixel format that the server was told to use (or its own, when it was told none); any true-colour one.</param>
    /// <param name="limits">Bounds; <see cref="RfbLimits.Default"/> when null.</param>
    public PictureDecoder(int width, int height, PixelFormat format, RfbLimits? limits = null)
    {
        _limits = limits ?? RfbLimits.Default;
        _pixels = new(PixelFormat.Bgrx);
        var fits = Fits(width, height);
        Picture = fits ? new(width, height) : new(1, 1);
        if (!fits)
            Fail(RfbFault.TooLong, ((long)width << 16) | (uint)height);
        ChangeFormat(format);
    }

    private enum Step : byte
    {
        Message, Skip, Content, Rectangle, Raw, CopyRect, Rre, RreRectangle, CoRreRectangle, HextileTile, CompressedLength, Zlib, Zrle,
        TightControl, TightFill, TightFilter, TightPalette, TightPlain, TightLength, TightData, TightJpeg,
        Cursor, XCursor, AlphaCursor, VMwareCursor, ScreenList, NameLength, Name, Led,
    }

    /// <summary>True when JPEG rectangles can be decoded on this machine: only then a quality level may be asked for. See <see cref="TurboJpeg.Missing"/>.</summary>
    public static bool CanDecodeJpeg => TurboJpeg.Missing is null;

    /// <summary>The framebuffer.</summary>
    public Picture Picture { get; }

    /// <summary>What is wrong; the stream is over then.</summary>
    public RfbError Error { get; private set; }

    /// <summary>True between two messages.</summary>
    public bool AtBoundary => Error.Fault == RfbFault.None && _step == Step.Message && _keptLength == 0;

    /// <summary>Bytes taken by complete steps so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Complete updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>Pixels painted so far, as often as they were painted.</summary>
    public long Painted { get; private set; }

    /// <summary>
    /// After a complete message other than an update: the whole message, valid until the next <see cref="Feed"/>. That is how bells, cut texts, fences and the like
    /// reach the caller; their contents are bounded by <see cref="RfbLimits"/>, and are for the readers of this library to read.
    /// </summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _contentLength);

    /// <summary>What the server was told to send from now on. Only true colour can be decoded.</summary>
    public void ChangeFormat(PixelFormat format)
    {
        if (PixelReader.Supports(format))
            _pixels = new(format);
        else
            Fail(RfbFault.BadValue, format.BitsPerPixel);
    }

    /// <summary>Takes a piece of the stream, at most to the end of one message, so that one call never paints more than one message can.</summary>
    /// <returns>Less than the whole piece is taken when a message ended in it, or after an error.</returns>
    public DecoderStep Feed(ReadOnlySpan<byte> piece)
    {
        _complete = false;
        _contentLength = _step == Step.Message && _keptLength == 0 ? 0 : _contentLength;
        var rest = piece;
        while (Error.Fault == RfbFault.None && !_complete)
        {
            if (_keptLength > 0)
            {
                var part = Math.Clamp(_want - _keptLength, 0, rest.Length);
                Keep(rest[..part]);
                rest = rest[part..];
                if (_keptLength < _want)
                    break;
                var used = Advance(_kept.AsSpan(0, _keptLength));
                _kept.AsSpan(used, _keptLength - used).CopyTo(_kept);
                _keptLength -= used;
                Taken(used);
                if (_keptLength == 0 && _kept.Length > 1024 * 1024)
                    _kept = [];
            }
            else if (rest.Length < _want)
            {
                Keep(rest);
                rest = [];
                break;
            }
            else
            {
                var used = Advance(rest);
                rest = rest[used..];
                Taken(used);
            }
        }
        return new(piece.Length - rest.Length, _complete, _type);
    }

    /// <inheritdoc/>
    public void Dispose() => _inflaters.Dispose();

    private void Taken(int bytes)
    {
        Offset += bytes;
        if (bytes > 0)
            _want = 1;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_kept.Length < _keptLength + bytes.Length)
            Array.Resize(ref _kept, Math.Max(256, Math.Max(2 * _kept.Length, _keptLength + bytes.Length)));
        bytes.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += bytes.Length;
    }

    /// <summary>Does one step with the bytes at hand. 0: it needs <see cref="_want"/> bytes, or something is wrong.</summary>
    private int Advance(ReadOnlySpan<byte> data) => _step switch
    {
        Step.Message => Message(data),
        Step.Skip => Skip(data),
        Step.Content => Collect(data),
        Step.Rectangle => Rectangle(data),
        Step.Raw => Raw(data),
        Step.CopyRect => CopyRect(data),
        Step.Rre => Rre(data),
        Step.RreRectangle => Subrectangle(data, wide: true),
        Step.CoRreRectangle => Subrectangle(data, wide: false),
        Step.HextileTile => HextileTile(data),
        Step.CompressedLength => CompressedLength(data),
        Step.Zlib => Zlib(data),
        Step.Zrle => Zrle(data),
        Step.TightControl or Step.TightFill or Step.TightFilter or Step.TightPalette or Step.TightPlain or Step.TightLength or Step.TightData or Step.TightJpeg => Tight(data),
        Step.Cursor or Step.XCursor or Step.AlphaCursor or Step.VMwareCursor => Pointer(data),
        _ => Desktop(data),
    };

    /// <summary>(2)</summary>
    private int Message(ReadOnlySpan<byte> data)
    {
        _type = data[0];
        switch (_type)
        {
            case ServerMessageType.FramebufferUpdate:
                if (data.Length < 4)
                    return Want(4);
                _rectangles = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
                _budget = _limits.Overdraw * Math.Max(64 * 1024, (long)Picture.Width * Picture.Height);
                if (_rectangles == 0)
                    EndUpdate();
                else
                    _step = Step.Rectangle;
                return 4;
            case ServerMessageType.SetColourMapEntries:
                return data.Length < 6 ? Want(6) : Skipped(6, 6L * BinaryPrimitives.ReadUInt16BigEndian(data[4..]));
            case ServerMessageType.Bell or ServerMessageType.EndOfContinuousUpdates:
                return Collected(data, 1);
            case ServerMessageType.ServerCutText:
                if (data.Length < 8)
                    return Want(8);
                var length = Math.Abs((long)BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                return length > _limits.CutText ? Fail(RfbFault.TooLong, length) : Collected(data, 8 + (int)length);
            case ServerMessageType.Fence:
                if (data.Length < 9)
                    return Want(9);
                return data[8] > _limits.FencePayload ? Fail(RfbFault.TooLong, data[8]) : Collected(data, 9 + data[8]);
            case ServerMessageType.Xvp:
                return Collected(data, 4);
            case ServerMessageType.Qemu:
                return Audio(data);
            default:
                return Fail(RfbFault.UnknownMessage, _type);
        }
    }

    private int Audio(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
            return Want(4);
        var operation = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (data[1] != 1 || operation > 2)
            return Fail(RfbFault.BadValue, data[1] != 1 ? data[1] : operation);
        if (operation < 2)
            return Collected(data, 4);
        if (data.Length < 8)
            return Want(8);
        var length = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        return length > _limits.Audio ? Fail(RfbFault.TooLong, length) : Skipped(8, length);
    }

    private int Skipped(int header, long content)
    {
        _skip = content;
        if (content == 0)
            _complete = true;
        else
            _step = Step.Skip;
        return header;
    }

    private int Skip(ReadOnlySpan<byte> data)
    {
        var part = (int)Math.Min(_skip, data.Length);
        _skip -= part;
        if (_skip == 0)
        {
            _step = Step.Message;
            _complete = true;
        }
        return part;
    }

    /// <summary>The whole message becomes <see cref="Content"/>.</summary>
    private int Collected(ReadOnlySpan<byte> data, int length)
    {
        _contentLength = length;
        _step = Step.Content;
        return Collect(data);
    }

    private int Collect(ReadOnlySpan<byte> data)
    {
        if (data.Length < _contentLength)
            return Want(_contentLength);
        if (_content.Length < _contentLength || _content.Length > 1024 * 1024)
            _content = new byte[Math.Max(128, _contentLength)];
        data[.._contentLength].CopyTo(_content);
        _step = Step.Message;
        _complete = true;
        return _contentLength;
    }

    private int Want(int bytes)
    {
        _want = bytes;
        return 0;
    }

    private bool Fits(int width, int height) =>
        width > 0 && height > 0 && width <= _limits.Side && height <= _limits.Side && (long)width * height <= _limits.Area;

    private int Fail(RfbFault fault, long value)
    {
        Error = new(fault, Offset, value);
        return 0;
    }
}
