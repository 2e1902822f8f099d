using System.Buffers.Binary;

namespace StreamSpace.Rfb.Messages;

/// <summary>
/// Follows a viewer's stream after the handshake and lets pass what its rights allow. Works in place on whatever pieces arrive:
/// forbidden messages are cut out, SetEncodings loses what <see cref="ServerStream"/> cannot follow. It remembers the viewer's formats and wishes,
/// so that another server can be brought to the same state.
/// </summary>
public sealed class ClientStream(RfbLimits? limits = null)
{
    /// <summary>Bytes of pointer and key messages that pass while <see cref="Paused"/>; more would only pile up in front of a server that does not read.</summary>
    public const int PausedInputBudget = 4096;

    private readonly ClientMessageReader _reader = new(limits);
    private long _remaining;
    private bool _passing;
    private int _buttons;
    private int _pausedInput;
    private bool _paused;
    private readonly HeldMessage _held = new();

    /// <summary>Judges cut texts that the rights let through; null lets them pass unseen.</summary>
    public CutTextGate? CutTexts { get; set; }

    /// <summary>Asked for every key that goes down; null lets them pass. Keys that go up always pass.</summary>
    public Func<bool>? MayPress { get; set; }

    /// <summary>Where the pointer may be, in pixels; null for anywhere. Outside it nothing passes but the release of buttons, moved to the edge.</summary>
    public PointerArea? PointerArea { get; set; }

    /// <summary>Pointer messages that were held back because they were outside of <see cref="PointerArea"/>.</summary>
    public long Outside { get; private set; }

    /// <summary>
    /// A cut text message, or what is sent in its place, that became free in the last <see cref="Process"/>: send it after the bytes to relay, then process
    /// the kept bytes again, which stand behind it.
    /// </summary>
    public ReadOnlyMemory<byte> Released { get; private set; }

    /// <summary>How often the viewer's clipboard was passed on so far.</summary>
    public long Pastes { get; private set; }

    /// <summary>Bytes of these, as they travelled (compressed where the extension compresses).</summary>
    public long PasteBytes { get; private set; }

    /// <summary>What may pass. May be changed between two pieces.</summary>
    public ViewerRights Rights { get; set; }

    /// <summary>What is wrong; the stream is over then.</summary>
    public RfbError Error => _reader.Error;

    /// <summary>See <see cref="ClientMessageReader.ExtendedPointer"/>.</summary>
    public bool ExtendedPointer { get => _reader.ExtendedPointer; set => _reader.ExtendedPointer = value; }

    /// <summary>The server does not read (its processes are frozen): pointer moves are cut out and input is limited to <see cref="PausedInputBudget"/>.</summary>
    public bool Paused
    {
        get => _paused;
        set
        {
            _paused = value;
            _pausedInput = 0;
        }
    }

    /// <summary>Keys and buttons that the rights let through, pressed or released, and pointer moves.</summary>
    public long Inputs { get; private set; }

    /// <summary>Keys and buttons that went down and that the rights let through.</summary>
    public long Presses { get; private set; }

    /// <summary>Messages that the rights held back.</summary>
    public long Dropped { get; private set; }

    /// <summary>The last pixel format that was set; null before the first.</summary>
    public PixelFormat? Format { get; private set; }

    /// <summary>The last list of encodings, as the viewer sent it.</summary>
    public ReadOnlyMemory<int> Encodings { get; private set; }

    /// <summary>The JPEG quality (0 to 9) that the viewer asked for last; null when it named none, or asks in finer steps than these.</summary>
    public int? OfferedQuality { get; private set; }

    /// <summary>The compression level (0 to 9) that the viewer asked for last; null when it named none.</summary>
    public int? OfferedCompression { get; private set; }

    /// <summary>The JPEG quality (0 to 9) that the server is asked for in the place of <see cref="OfferedQuality"/>; null leaves the viewer's. Nothing is added that the viewer did not name.</summary>
    public int? Quality { get; set; }

    /// <summary>The compression level (0 to 9) that the server is asked for in the place of <see cref="OfferedCompression"/>; null leaves the viewer's.</summary>
    public int? Compression { get; set; }

    /// <summary>True where a message of somebody else's may be put between the viewer's: what was passed on ends with a whole message.</summary>
    public bool AtBoundary => _remaining == 0 || !_passing;

    /// <summary>Where the viewer's pointer was last, as far as it was let through; null before it moved.</summary>
    public (int X, int Y)? Pointed { get; private set; }

    /// <summary>The viewer's messages so far, also those that were held back.</summary>
    public long Messages { get; private set; }

    /// <summary>The last EnableContinuousUpdates message when it turned them on; empty otherwise.</summary>
    public ReadOnlyMemory<byte> ContinuousUpdates { get; private set; }

    /// <summary>The last SetDesktopSize message that passed; empty when there was none.</summary>
    public ReadOnlyMemory<byte> DesktopSize { get; private set; }

    /// <summary>Follows one piece of the stream.</summary>
    /// <param name="data">Bytes kept from the last piece, then the new ones.</param>
    /// <param name="connected">False while there is no server: everything is read and remembered, nothing passes.</param>
    public StreamStep Process(Span<byte> data, bool connected)
    {
        int read = 0, write = 0;
        Released = default;
        while (read < data.Length)
        {
            var rest = data[read..];
            if (_held.Active)
            {
                var part = Math.Min(_held.Missing, rest.Length);
                _held.Add(rest[..part]);
                read += part;
                if (_held.Missing == 0 && Release(_held.Take(), connected))
                    break;
                continue;
            }
            if (_remaining > 0)
            {
                var part = (int)Math.Min(_remaining, rest.Length);
                if (_passing && connected)
                    Move(data, read, part, ref write);
                read += part;
                _remaining -= part;
                continue;
            }
            if (_reader.TryRead(rest, out var message) is var status && status == ReadStatus.Error)
                return new(write, 0);
            var whole = message.Type == ClientMessageType.ClientCutText ? CutTextHead(message) : (int)message.Length;
            if (status == ReadStatus.NeedMore || rest.Length < whole)
                break;
            _reader.Take(message);
            Messages++;
            var pass = Decide(message, rest[..whole]) && connected;
            if (pass && CutTexts is { } gate && message.Type == ClientMessageType.ClientCutText)
            {
                if (message.Length > gate.Most)
                {
                    gate.TooLong(message.Length);
                    pass = false;
                }
                else
                {
                    _held.Start((int)message.Length);
                    continue;
                }
            }
            if (pass && message.Type == ClientMessageType.ClientCutText)
                CountPaste(rest[..whole], message.Length);
            _remaining = message.Length - whole;
            _passing = pass;
            if (pass && message.Type == ClientMessageType.SetEncodings)
                write += FilterEncodings(rest[..whole], data[write..]);
            else if (pass)
                Move(data, read, whole, ref write);
            read += whole;
        }
        var keep = data.Length - read;
        data[read..].CopyTo(data[write..]);
        return new(write, keep);
    }

    /// <summary>The server went away: what is left of a message that was on its way to it is not sent to the next.</summary>
    public void Interrupt()
    {
        if (_held.Active)
        {
            _remaining = _held.Missing;
            _held.Drop();
        }
        _passing = false;
        _buttons = 0;
    }

    /// <summary>Writes the viewer's SetEncodings as a server may see it.</summary>
    /// <returns>Bytes written; 0 when the viewer has not sent any.</returns>
    public int WriteEncodings(Span<byte> target)
    {
        if (Encodings.IsEmpty)
            return 0;
        var count = 0;
        foreach (var encoding in Encodings.Span)
        {
            if (MayAskFor(encoding))
                BinaryPrimitives.WriteInt32BigEndian(target[(4 + (4 * count++))..], Wish(encoding));
        }
        WriteEncodingsHeader(target, count);
        return 4 + (4 * count);
    }

    // An extended one says in the four bytes behind the length whether it brings anything.
    private static int CutTextHead(in ClientMessage message) => message.HeaderLength + (message.Extended ? (int)Math.Min(4, message.Length - message.HeaderLength) : 0);

    /// <summary>Counts a message that brings the viewer's clipboard into the session; one that only speaks of it is none.</summary>
    private void CountPaste(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < 8)
            return;
        var provides = head[4] < 0x80 || (head.Length >= 12 && (head[8] & 0x10) != 0);
        if (!provides)
            return;
        Pastes++;
        PasteBytes += length - 8;
    }

    /// <summary>A message that was collected: true when something is to be sent for it.</summary>
    private bool Release(ReadOnlyMemory<byte> message, bool connected)
    {
        if (!connected)
            return false;
        var verdict = CutTexts?.Judge(message.Span) ?? CutTextVerdict.Passes;
        if (!verdict.Pass)
            Dropped++;
        Released = verdict.Pass ? message : verdict.Instead;
        CountPaste(Released.Span, Released.Length);
        return !Released.IsEmpty;
    }

    private bool Decide(in ClientMessage message, Span<byte> bytes)
    {
        switch (message.Type)
        {
            case ClientMessageType.SetPixelFormat:
                if (!PixelFormat.TryRead(bytes[4..], out var format))
                    return Held();
                Format = format;
                return true;
            case ClientMessageType.SetEncodings:
                Remember(bytes);
                return true;
            case ClientMessageType.EnableContinuousUpdates:
                ContinuousUpdates = message.Flag ? bytes.ToArray() : default;
                return true;
            case ClientMessageType.FramebufferUpdateRequest or ClientMessageType.Fence:
                return true;
            case ClientMessageType.KeyEvent:
                return Allowed(ViewerRights.Input) && Key(message);
            case ClientMessageType.Qemu:
                return message.SubType == 0 ? Allowed(ViewerRights.Input) && Key(message) : Held(); // no right says that one may hear
            case ClientMessageType.PointerEvent:
                return Allowed(ViewerRights.Input) && Pointer(message, bytes);
            case ClientMessageType.ClientCutText:
                return Allowed(ViewerRights.Clipboard);
            case ClientMessageType.SetDesktopSize:
                if (!Allowed(ViewerRights.Resize))
                    return false;
                DesktopSize = bytes.ToArray();
                return true;
            default:
                return Allowed(ViewerRights.Power);
        }
    }

    private bool Key(in ClientMessage message) => (!message.Flag || MayPress is not { } may || may() || Held()) && Input(message, message.Flag);

    private bool Pointer(in ClientMessage message, Span<byte> bytes)
    {
        if (PointerArea is { } area && !area.Contains(message.X, message.Y))
        {
            if (message.Buttons == _buttons || (message.Buttons & ~_buttons) != 0)
            {
                Outside++;
                return Held();
            }
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], area.ClampX(message.X)); // a button that stayed down would drag from now on
            BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], area.ClampY(message.Y));
        }
        var pressed = (message.Buttons & ~_buttons) != 0;
        var changed = message.Buttons != _buttons;
        if (_paused && !changed)
            return false;
        _buttons = message.Buttons;
        Pointed = (message.X, message.Y);
        return Input(message, pressed);
    }

    private bool Input(in ClientMessage message, bool pressed)
    {
        Inputs++;
        if (pressed)
            Presses++;
        if (!_paused)
            return true;
        if (_pausedInput + message.Length > PausedInputBudget)
            return false;
        _pausedInput += (int)message.Length;
        return true;
    }

    private bool Allowed(ViewerRights right) => Rights.HasFlag(right) || Held();

    private bool Held()
    {
        Dropped++;
        return false;
    }

    private void Remember(ReadOnlySpan<byte> message)
    {
        var encodings = new int[(message.Length - 4) / 4];
        for (var i = 0; i < encodings.Length; i++)
            encodings[i] = BinaryPrimitives.ReadInt32BigEndian(message[(4 + (4 * i))..]);
        Encodings = encodings;
        var finer = encodings.AsSpan().ContainsAnyInRange(-768, -763) || encodings.AsSpan().ContainsAnyInRange(-512, -412);
        OfferedQuality = finer ? null : Level(encodings, RfbEncoding.LowestQuality);
        OfferedCompression = Level(encodings, RfbEncoding.LowestCompression);
    }

    /// <summary>The first of ten levels that a list names.</summary>
    private static int? Level(ReadOnlySpan<int> encodings, int lowest) =>
        encodings.IndexOfAnyInRange(lowest, lowest + 9) is >= 0 and var at ? encodings[at] - lowest : null;

    private int Wish(int encoding) => encoding switch
    {
        >= RfbEncoding.LowestQuality and <= RfbEncoding.LowestQuality + 9 when Quality is { } quality => RfbEncoding.LowestQuality + quality,
        >= RfbEncoding.LowestCompression and <= RfbEncoding.LowestCompression + 9 when Compression is { } level => RfbEncoding.LowestCompression + level,
        _ => encoding,
    };

    /// <summary>Target may overlap the message: it never lies behind it, and never more is written than was read.</summary>
    private int FilterEncodings(ReadOnlySpan<byte> message, Span<byte> target)
    {
        var count = 0;
        for (var at = 4; at < message.Length; at += 4)
        {
            var encoding = BinaryPrimitives.ReadInt32BigEndian(message[at..]);
            if (MayAskFor(encoding))
                BinaryPrimitives.WriteInt32BigEndian(target[(4 + (4 * count++))..], Wish(encoding));
        }
        WriteEncodingsHeader(target, count);
        return 4 + (4 * count);
    }

    private static void WriteEncodingsHeader(Span<byte> target, int count)
    {
        target[0] = ClientMessageType.SetEncodings;
        target[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)count);
    }

    /// <summary>The extended clipboard makes a server wait for the viewer's answers, so without the right to answer the classic form must be used.</summary>
    private bool MayAskFor(int encoding) => encoding switch
    {
        RfbEncoding.ExtendedClipboard => Rights.HasFlag(ViewerRights.Clipboard),
        RfbEncoding.Xvp => Rights.HasFlag(ViewerRights.Power),
        RfbEncoding.QemuAudio => false, // its requests are held back
        _ => RfbEncoding.IsWalkable(encoding),
    };

    private static void Move(Span<byte> data, int from, int length, ref int write)
    {
        if (from != write)
            data.Slice(from, length).CopyTo(data[write..]);
        write += length;
    }
}
