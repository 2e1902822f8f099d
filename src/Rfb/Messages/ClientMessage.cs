namespace StreamSpace.Rfb.Messages;

/// <summary>How reading a message went.</summary>
public enum ReadStatus
{
    /// <summary>More bytes are needed; none were taken.</summary>
    NeedMore,

    /// <summary>A message begins here; its length is known and its fixed part is read.</summary>
    Message,

    /// <summary>The bytes break the protocol; see <see cref="ClientMessageReader.Error"/>.</summary>
    Error,
}

/// <summary>The fixed part of one message from a viewer. Fields that a type does not have are zero.</summary>
public readonly struct ClientMessage
{
    /// <summary>One of <see cref="ClientMessageType"/>.</summary>
    public byte Type { get; init; }

    /// <summary>For <see cref="ClientMessageType.Qemu"/>: 0 extended key, 1 audio.</summary>
    public byte SubType { get; init; }

    /// <summary>Bytes of the whole message.</summary>
    public long Length { get; init; }

    /// <summary>Bytes of the part that is read here; the rest is content (text, encodings, screens, payload).</summary>
    public int HeaderLength { get; init; }

    /// <summary>KeyEvent: key is down. EnableContinuousUpdates: on. FramebufferUpdateRequest: incremental.</summary>
    public bool Flag { get; init; }

    /// <summary>KeyEvent: the X keysym.</summary>
    public uint KeySym { get; init; }

    /// <summary>PointerEvent: buttons that are down, bit 0 the left one; nine bits in the long form.</summary>
    public int Buttons { get; init; }

    /// <summary>Left edge or pointer.</summary>
    public ushort X { get; init; }

    /// <summary>Upper edge or pointer.</summary>
    public ushort Y { get; init; }

    /// <summary>Width of what is asked for.</summary>
    public ushort Width { get; init; }

    /// <summary>Height of what is asked for.</summary>
    public ushort Height { get; init; }

    /// <summary>SetEncodings, SetDesktopSize: number of items. Cut text and fence: bytes of content.</summary>
    public int Count { get; init; }

    /// <summary>ClientCutText: the extended form. PointerEvent: the 7-byte form.</summary>
    public bool Extended { get; init; }
}
