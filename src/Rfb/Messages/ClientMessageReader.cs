using System.Buffers;
using System.Buffers.Binary;

namespace StreamSpace.Rfb.Messages;

/// <summary>
/// Reads the messages of a viewer, one after another, from bytes that arrive in any pieces. It allocates nothing and keeps nothing but its position:
/// as soon as the fixed part of a message is there it tells type and length; the caller says <see cref="Take"/>, and skips, drops or relays
/// <see cref="ClientMessage.Length"/> bytes before it asks again. A message of a gigabyte therefore costs no more memory than a key.
/// </summary>
public sealed class ClientMessageReader(RfbLimits? limits = null)
{
    /// <summary>No fixed part is longer.</summary>
    public const int MaxHeaderLength = 20;

    private readonly RfbLimits _limits = limits ?? RfbLimits.Default;

    /// <summary>Bytes of all messages taken so far.</summary>
    public long Offset { get; private set; }

    /// <summary>What is wrong, after <see cref="ReadStatus.Error"/>.</summary>
    public RfbError Error { get; private set; }

    /// <summary>
    /// True once the server confirmed Extended Mouse Buttons: from then on the highest bit of a pointer mask marks the 7-byte form (rfbproto).
    /// Before that the bit is the eighth button.
    /// </summary>
    public bool ExtendedPointer { get; set; }

    /// <summary>Reads the fixed part of the message at the start of <paramref name="input"/>.</summary>
    public ReadStatus TryRead(ReadOnlySequence<byte> input, out ClientMessage message)
    {
        if (input.IsSingleSegment || input.FirstSpan.Length >= MaxHeaderLength)
            return TryRead(input.FirstSpan, out message);
        Span<byte> head = stackalloc byte[MaxHeaderLength];
        var length = (int)Math.Min(head.Length, input.Length);
        input.Slice(0, length).CopyTo(head);
        return TryRead(head[..length], out message);
    }

    /// <summary>Reads the fixed part of the message at the start of <paramref name="input"/>.</summary>
    public ReadStatus TryRead(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (Error.Fault != RfbFault.None)
            return ReadStatus.Error;
        if (input.IsEmpty)
            return ReadStatus.NeedMore;
        return input[0] switch
        {
            ClientMessageType.SetPixelFormat => Fixed(input, 20, out message),
            ClientMessageType.SetEncodings => Encodings(input, out message),
            ClientMessageType.FramebufferUpdateRequest or ClientMessageType.EnableContinuousUpdates => Area(input, out message),
            ClientMessageType.KeyEvent => Key(input, out message),
            ClientMessageType.PointerEvent => Pointer(input, out message),
            ClientMessageType.ClientCutText => CutText(input, out message),
            ClientMessageType.Fence => Fence(input, out message),
            ClientMessageType.Xvp => Fixed(input, 4, out message),
            ClientMessageType.SetDesktopSize => DesktopSize(input, out message),
            ClientMessageType.Qemu => Qemu(input, out message),
            _ => Fail(RfbFault.UnknownMessage, input[0]),
        };
    }

    /// <summary>Counts a message as done, so that the next error names the right place.</summary>
    public void Take(in ClientMessage message) => Offset += message.Length;

    private static ReadStatus Fixed(ReadOnlySpan<byte> input, int length, out ClientMessage message)
    {
        message = new() { Type = input[0], Length = length, HeaderLength = length };
        return input.Length < length ? ReadStatus.NeedMore : ReadStatus.Message;
    }

    private ReadStatus Encodings(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 4)
            return ReadStatus.NeedMore;
        int count = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
        if (count > _limits.Encodings)
            return Fail(RfbFault.TooLong, count);
        message = new() { Type = input[0], HeaderLength = 4, Length = 4 + (4 * count), Count = count };
        return ReadStatus.Message;
    }

    private static ReadStatus Area(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 10)
            return ReadStatus.NeedMore;
        message = new()
        {
            Type = input[0], HeaderLength = 10, Length = 10, Flag = input[1] != 0,
            X = BinaryPrimitives.ReadUInt16BigEndian(input[2..]), Y = BinaryPrimitives.ReadUInt16BigEndian(input[4..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(input[6..]), Height = BinaryPrimitives.ReadUInt16BigEndian(input[8..]),
        };
        return ReadStatus.Message;
    }

    private static ReadStatus Key(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 8)
            return ReadStatus.NeedMore;
        message = new() { Type = input[0], HeaderLength = 8, Length = 8, Flag = input[1] != 0, KeySym = BinaryPrimitives.ReadUInt32BigEndian(input[4..]) };
        return ReadStatus.Message;
    }

    private ReadStatus Pointer(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 2)
            return ReadStatus.NeedMore;
        var extended = ExtendedPointer && (input[1] & 0x80) != 0;
        var length = extended ? 7 : 6;
        if (input.Length < length)
            return ReadStatus.NeedMore;
        message = new()
        {
            Type = input[0], HeaderLength = length, Length = length, Extended = extended,
            Buttons = extended ? (input[1] & 0x7f) | (input[6] << 7) : input[1],
            X = BinaryPrimitives.ReadUInt16BigEndian(input[2..]), Y = BinaryPrimitives.ReadUInt16BigEndian(input[4..]),
        };
        return ReadStatus.Message;
    }

    private ReadStatus CutText(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 8)
            return ReadStatus.NeedMore;
        long announced = BinaryPrimitives.ReadInt32BigEndian(input[4..]);
        var length = Math.Abs(announced);
        if (length > _limits.CutText)
            return Fail(RfbFault.TooLong, announced);
        if (announced < 0 && length < 4)
            return Fail(RfbFault.BadValue, announced); // the extended form begins with four bytes of flags
        message = new() { Type = input[0], HeaderLength = 8, Length = 8 + length, Count = (int)length, Extended = announced < 0 };
        return ReadStatus.Message;
    }

    private ReadStatus Fence(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 9)
            return ReadStatus.NeedMore;
        if (input[8] > _limits.FencePayload)
            return Fail(RfbFault.TooLong, input[8]);
        message = new() { Type = input[0], HeaderLength = 9, Length = 9 + input[8], Count = input[8], Flag = (input[4] & 0x80) != 0 };
        return ReadStatus.Message;
    }

    private ReadStatus DesktopSize(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 8)
            return ReadStatus.NeedMore;
        if (input[6] > _limits.Screens)
            return Fail(RfbFault.TooLong, input[6]);
        message = new()
        {
            Type = input[0], HeaderLength = 8, Length = 8 + (16 * input[6]), Count = input[6],
            Width = BinaryPrimitives.ReadUInt16BigEndian(input[2..]), Height = BinaryPrimitives.ReadUInt16BigEndian(input[4..]),
        };
        if (message.Width == 0 || message.Height == 0 || message.Width > _limits.Side || message.Height > _limits.Side)
            return Fail(RfbFault.BadValue, ((long)message.Width << 16) | message.Height);
        return ReadStatus.Message;
    }

    private ReadStatus Qemu(ReadOnlySpan<byte> input, out ClientMessage message)
    {
        message = default;
        if (input.Length < 2)
            return ReadStatus.NeedMore;
        if (input[1] > 1)
            return Fail(RfbFault.BadValue, input[1]);
        var length = 12;
        if (input[1] == 1)
        {
            if (input.Length < 4)
                return ReadStatus.NeedMore;
            int operation = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
            if (operation > 2)
                return Fail(RfbFault.BadValue, operation);
            length = operation == 2 ? 10 : 4;
        }
        if (input.Length < length)
            return ReadStatus.NeedMore;
        message = input[1] == 1
            ? new() { Type = input[0], SubType = 1, HeaderLength = length, Length = length }
            : new() { Type = input[0], HeaderLength = length, Length = length, Flag = BinaryPrimitives.ReadUInt16BigEndian(input[2..]) != 0, KeySym = BinaryPrimitives.ReadUInt32BigEndian(input[4..]) };
        return ReadStatus.Message;
    }

    private ReadStatus Fail(RfbFault fault, long value)
    {
        Error = new(fault, Offset, value);
        return ReadStatus.Error;
    }
}
