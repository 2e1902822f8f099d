using System.Buffers.Binary;

namespace StreamSpace.Rfb.Messages;

/// <summary>What happened inside a piece of a server's stream that somebody may want to act on.</summary>
[Flags]
public enum ServerNotice
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Our own fence came back; see <see cref="ServerStream.Echo"/>.</summary>
    FenceEchoed = 1,

    /// <summary>After a resumption: the server is ready for continuous updates, and the viewer was not told.</summary>
    ContinuousUpdatesReady = 2,

    /// <summary>After a resumption: the server sends pictures without having agreed to the continuous updates the viewer believes in.</summary>
    ContinuousUpdatesMissing = 4,

    /// <summary>The server lets the viewer choose the size; told once per server.</summary>
    ResizeReady = 8,

    /// <summary>After a resumption: the server's compressed data cannot be joined to what the viewer has.</summary>
    CannotJoin = 16,
}

/// <summary>
/// Follows a server's stream after the handshake, message by message and rectangle by rectangle: lengths are walked, pixels are not looked at.
/// Works in place on whatever pieces arrive and allocates nothing. It knows at any time whether the stream stands between two messages, which is
/// what makes it possible to put another server behind a viewer that stays connected:
/// (1) <see cref="Resume"/> is called with the new server's picture; (2) the viewer's inflaters (four of Tight, one of Zlib, one of ZRLE) stand in the
/// middle of the old server's streams, while the new server begins each of its own with the two bytes of a zlib header (RFC 1950): those two bytes
/// are cut out, and what follows is, to the viewer, more blocks of the same stream - they refer to nothing before themselves; (3) the second
/// EndOfContinuousUpdates, which would turn them off in the viewer, is taken out.
/// What it cannot follow it relays unchanged, and says so in <see cref="Lost"/>.
/// </summary>
public sealed partial class ServerStream(RfbLimits? limits = null)
{
    private readonly RfbLimits _limits = limits ?? RfbLimits.Default;
    private Step _step;
    private long _skip;
    private long _drop;
    private long _offset;
    private int _rectangles;
    private int _bytesPerPixel = 4;
    private int _tightBytesPerPixel = 3;
    private bool _sawUpdate;
    private int _begun; // inflaters of the viewer that have seen a header: bits 0..3 Tight, 4 Zlib, 5 ZRLE
    private int _behead; // those whose next header, from another server, must be cut out
    private bool _swallowReady;
    private bool _toldResize;
    private readonly HeldMessage _held = new();

    private enum Step : byte
    {
        Message, Rectangle, RreHeader, CoRreHeader, HextileTile, CompressedLength, TightControl, TightFilter, TightLength, ScreenList, NameLength, VMwareHeader,
        AlphaCursorHeader, H264Length, JpegMarker, JpegScan,
    }

    /// <summary>Set once the stream holds something that cannot be followed; its bytes are relayed as they are from there on.</summary>
    public RfbError Lost { get; private set; }

    /// <summary>True between two messages.</summary>
    public bool AtBoundary => Lost.Fault == RfbFault.None && _step == Step.Message && _skip == 0 && _drop == 0 && !_held.Active;

    /// <summary>Width of the picture as the viewer knows it.</summary>
    public int Width { get; private set; }

    /// <summary>Height of the picture as the viewer knows it.</summary>
    public int Height { get; private set; }

    /// <summary>The present server sends fences, so it also answers them.</summary>
    public bool Fences { get; private set; }

    /// <summary>A server confirmed Extended Mouse Buttons.</summary>
    public bool ExtendedPointer { get; private set; }

    /// <summary>Complete updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>What happened in the last piece.</summary>
    public ServerNotice Notice { get; private set; }

    /// <summary>Payload of the fence of ours that is on its way; its echo is taken out of the stream. 0: none.</summary>
    public ulong Echo { get; set; }

    /// <summary>Judges cut texts; null lets them pass unseen. With a gate, nothing may be relayed any more once the stream is <see cref="Lost"/>.</summary>
    public CutTextGate? CutTexts { get; set; }

    /// <summary>
    /// A cut text message, or what is sent in its place, that became free in the last <see cref="Process"/>: send it after the bytes to relay, then process
    /// the kept bytes again, which stand behind it.
    /// </summary>
    public ReadOnlyMemory<byte> Released { get; private set; }

    /// <summary>Takes texts of the server's clipboard out of the stream.</summary>
    public bool WithoutCutTexts { get; init; }

    /// <summary>Takes sound (QEMU Audio) out of the stream: the viewer was not let ask for any.</summary>
    public bool WithoutSound { get; init; }

    /// <summary>Texts of the server's clipboard so far.</summary>
    public long CutTextsSeen { get; private set; }

    /// <summary>Bytes of the last of them.</summary>
    public long CutTextBytes { get; private set; }

    /// <summary>Begins with the first server of a viewer.</summary>
    public void Start(ServerInit server)
    {
        Width = server.Width;
        Height = server.Height;
        _bytesPerPixel = server.Format.BytesPerPixel;
        _tightBytesPerPixel = server.Format.TightBytesPerPixel;
    }

    /// <summary>Goes on with another server. Only <see cref="AtBoundary"/>.</summary>
    /// <param name="width">The new picture, which the viewer must have been told.</param>
    /// <param name="height">The new picture, which the viewer must have been told.</param>
    /// <param name="format">What the new server was told to send.</param>
    /// <param name="continuous">The viewer believes that continuous updates are on.</param>
    public void Resume(int width, int height, PixelFormat format, bool continuous)
    {
        if (!AtBoundary)
            throw new InvalidOperationException("A stream can only be resumed between two messages.");
        Width = width;
        Height = height;
        _bytesPerPixel = format.BytesPerPixel;
        _tightBytesPerPixel = format.TightBytesPerPixel;
        _behead = _begun;
        _swallowReady = continuous;
        _toldResize = false;
        Fences = false;
        Echo = 0;
    }

    /// <summary>The viewer's pixel format was sent to the server.</summary>
    public void ChangeFormat(PixelFormat format)
    {
        if (_sawUpdate && (format.BytesPerPixel != _bytesPerPixel || format.TightBytesPerPixel != _tightBytesPerPixel))
            Lose(RfbFault.BadValue, format.BitsPerPixel); // updates in flight may still be in the old format: nobody can tell
        _bytesPerPixel = format.BytesPerPixel;
        _tightBytesPerPixel = format.TightBytesPerPixel;
    }

    /// <summary>Follows one piece of the stream.</summary>
    /// <param name="data">Bytes kept from the last piece, then the new ones.</param>
    public StreamStep Process(Span<byte> data)
    {
        Notice = ServerNotice.None;
        Released = default;
        int at = 0, end = data.Length;
        while (Lost.Fault == RfbFault.None)
        {
            if (_held.Active && Collect(data, at, ref end))
                break;
            if (_drop > 0)
            {
                var part = (int)Math.Min(_drop, end - at);
                CutOut(data, at, part, ref end);
                _offset += part;
                _drop -= part;
            }
            if (_skip > 0)
            {
                var part = (int)Math.Min(_skip, end - at);
                at += part;
                _offset += part;
                _skip -= part;
            }
            if (at == end)
                break;
            var before = at;
            if (!Advance(data, ref at, ref end))
                break;
            _offset += at - before;
        }
        if (Lost.Fault != RfbFault.None)
            at = end;
        return new(at, end - at);
    }

    /// <summary>Takes the next fixed part, if it is complete.</summary>
    private bool Advance(Span<byte> data, ref int at, ref int end)
    {
        var rest = data[at..end];
        switch (_step)
        {
            case Step.Message:
                return Message(data, ref at, ref end);
            case Step.Rectangle:
                return rest.Length >= 12 && Rectangle(rest, ref at);
            case Step.RreHeader:
                return rest.Length >= 4 && Subrectangles(rest, _bytesPerPixel + 8, ref at);
            case Step.CoRreHeader:
                return rest.Length >= 4 && Subrectangles(rest, _bytesPerPixel + 4, ref at);
            case Step.HextileTile:
                return HextileTile(rest, ref at);
            case Step.CompressedLength:
                return CompressedLength(data, ref at, ref end);
            case Step.TightControl:
                return TightControl(rest, ref at);
            case Step.TightFilter:
                return TightFilter(rest, ref at);
            case Step.TightLength:
                return TightLength(data, ref at, ref end);
            case Step.ScreenList:
                return rest.Length >= 4 && Take(16L * rest[0], 4, ref at);
            case Step.NameLength:
                return rest.Length >= 4 && Name(rest, ref at);
            case Step.AlphaCursorHeader:
                return rest.Length >= 4 && AlphaCursor(rest, ref at);
            case Step.H264Length:
                return rest.Length >= 8 && Take(BinaryPrimitives.ReadUInt32BigEndian(rest), 8, ref at);
            case Step.JpegMarker:
                return JpegMarker(rest, ref at);
            case Step.JpegScan:
                return JpegScan(rest, ref at);
            default:
                return rest.Length >= 2 && VMwareCursor(rest, ref at);
        }
    }

    private bool Message(Span<byte> data, ref int at, ref int end)
    {
        var rest = data[at..end];
        switch (rest[0])
        {
            case ServerMessageType.FramebufferUpdate:
                if (_swallowReady)
                    Notice |= ServerNotice.ContinuousUpdatesMissing;
                if (rest.Length < 4)
                    return false;
                _rectangles = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                _sawUpdate = true;
                _step = _rectangles == 0 ? Step.Message : Step.Rectangle;
                at += 4;
                return true;
            case ServerMessageType.SetColourMapEntries:
                return rest.Length >= 6 && Content(6L * BinaryPrimitives.ReadUInt16BigEndian(rest[4..]), 6, ref at);
            case ServerMessageType.Bell:
                at++;
                return true;
            case ServerMessageType.ServerCutText:
                return rest.Length >= 8 && CutText(Math.Abs((long)BinaryPrimitives.ReadInt32BigEndian(rest[4..])), ref at);
            case ServerMessageType.EndOfContinuousUpdates:
                if (_swallowReady)
                {
                    _swallowReady = false;
                    Notice |= ServerNotice.ContinuousUpdatesReady;
                    CutOut(data, at, 1, ref end);
                    return true;
                }
                at++;
                return true;
            case ServerMessageType.Fence:
                return Fence(data, ref at, ref end);
            case ServerMessageType.Xvp:
                return rest.Length >= 4 && Content(0, 4, ref at);
            case ServerMessageType.Qemu:
                return Audio(rest, ref at);
            default:
                return Lose(RfbFault.UnknownMessage, rest[0]);
        }
    }

    private bool Fence(Span<byte> data, ref int at, ref int end)
    {
        var rest = data[at..end];
        if (rest.Length < 9)
            return false;
        if (rest[8] > _limits.FencePayload)
            return Lose(RfbFault.TooLong, rest[8]);
        if ((rest[4] & 0x80) != 0)
            Fences = true;
        else if (Echo != 0 && rest[8] == 8)
        {
            if (rest.Length < 17)
                return false;
            if (BinaryPrimitives.ReadUInt64BigEndian(rest[9..]) == Echo)
            {
                Echo = 0;
                Notice |= ServerNotice.FenceEchoed;
                CutOut(data, at, 17, ref end);
                return true;
            }
        }
        return Content(rest[8], 9, ref at);
    }

    private bool Audio(ReadOnlySpan<byte> rest, ref int at)
    {
        if (rest.Length < 4)
            return false;
        int operation = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (rest[1] != 1 || operation > 2)
            return Lose(RfbFault.BadValue, operation);
        if (operation == 2 && rest.Length < 8)
            return false;
        var (header, content) = operation < 2 ? (4, 0L) : (8, (long)BinaryPrimitives.ReadUInt32BigEndian(rest[4..]));
        if (!WithoutSound)
            return Content(content, header, ref at);
        _drop = header + content;
        return true;
    }

    private bool CutText(long content, ref int at)
    {
        CutTextsSeen++;
        CutTextBytes = content;
        if (WithoutCutTexts)
        {
            _drop = 8 + content;
            return true;
        }
        if (CutTexts is not { } gate)
            return Content(content, 8, ref at);
        if (8 + content > gate.Most)
        {
            gate.TooLong(8 + content);
            _drop = 8 + content;
        }
        else
            _held.Start((int)(8 + content));
        return true;
    }

    /// <summary>Takes what came of a collected message out of the piece; true when the piece ends here, or something was released.</summary>
    private bool Collect(Span<byte> data, int at, ref int end)
    {
        var part = Math.Min(_held.Missing, end - at);
        _held.Add(data.Slice(at, part));
        CutOut(data, at, part, ref end);
        _offset += part;
        if (_held.Missing > 0)
            return true;
        var message = _held.Take();
        var verdict = CutTexts?.Judge(message.Span) ?? CutTextVerdict.Passes;
        Released = verdict.Pass ? message : verdict.Instead;
        return !Released.IsEmpty;
    }

    private static void CutOut(Span<byte> data, int at, int length, ref int end)
    {
        data[(at + length)..end].CopyTo(data[at..]);
        end -= length;
    }

    /// <summary>Ends a message with content that is only skipped.</summary>
    private bool Content(long content, int header, ref int at)
    {
        at += header;
        _skip = content;
        _step = Step.Message;
        return true;
    }

    private bool Lose(RfbFault fault, long value)
    {
        Lost = new(fault, _offset, value);
        return false;
    }
}
