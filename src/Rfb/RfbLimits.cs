namespace StreamSpace.Rfb;

/// <summary>Upper bounds on what a peer may announce. What lies beyond is an <see cref="RfbError"/>; nothing is ever allocated by a peer's number alone.</summary>
public sealed record RfbLimits
{
    /// <summary>The bounds used when nothing else is said.</summary>
    public static RfbLimits Default { get; } = new();

    /// <summary>Bytes of one cut text, classic or extended. Default 4 MiB.</summary>
    public int CutText { get; init; } = 4 * 1024 * 1024;

    /// <summary>Encodings in one SetEncodings. Default 256 (noVNC sends 25).</summary>
    public int Encodings { get; init; } = 256;

    /// <summary>Screens in one SetDesktopSize or ExtendedDesktopSize. Default 32.</summary>
    public int Screens { get; init; } = 32;

    /// <summary>Width and height of a picture or a rectangle in pixels. Default 16384.</summary>
    public int Side { get; init; } = 16384;

    /// <summary>Pixels of a decoded picture: what a peer's width and height may make the decoder allocate. Default 33,554,432 (8K; 128 MiB).</summary>
    public int Area { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of one compressed block (Zlib, ZRLE, Tight, JPEG), which the decoder collects as it arrives. Default 64 MiB.</summary>
    public int Compressed { get; init; } = 64 * 1024 * 1024;

    /// <summary>How often one update may paint the whole picture over: sixteen bytes can repaint it, so without a bound a small message could cost minutes. Default 16.</summary>
    public int Overdraw { get; init; } = 16;

    /// <summary>Bytes of one audio message. Default 4 MiB.</summary>
    public int Audio { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of a desktop name. Default 4096.</summary>
    public int Name { get; init; } = 4096;

    /// <summary>Bytes of a failure reason or a list of security types. Default 4096.</summary>
    public int Reason { get; init; } = 4096;

    /// <summary>Width and height of a cursor in pixels. Default 1024.</summary>
    public int CursorSide { get; init; } = 1024;

    /// <summary>Bytes of a fence's payload; 64 by the protocol (rfbproto, "ClientFence").</summary>
    public int FencePayload { get; init; } = 64;
}
