using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Rfb.Ends;

/// <summary>How a <see cref="RfbClient"/> behaves.</summary>
public sealed record RfbClientOptions
{
    /// <summary>What a client asks for when nothing else is said: every lossless picture encoding, and news of the size.</summary>
    public static IReadOnlyList<int> Lossless { get; } =
        [RfbEncoding.CopyRect, RfbEncoding.Tight, RfbEncoding.Zrle, RfbEncoding.Hextile, RfbEncoding.Zlib, RfbEncoding.Raw, RfbEncoding.LastRect, RfbEncoding.DesktopSize];

    /// <summary>Refuses a server that lets anybody in although we have a password.</summary>
    public bool RequirePassword { get; init; }

    /// <summary>Encodings to ask for, best first. Those that <see cref="PictureDecoder"/> does not know end the connection when they come.</summary>
    public IReadOnlyList<int> Encodings { get; init; } = Lossless;

    /// <summary>JPEG quality 0 to 9 for Tight; null for lossless. Asked for only where <see cref="PictureDecoder.CanDecodeJpeg"/>.</summary>
    public int? Quality { get; init; }

    /// <summary>Compression level 0 to 9; null leaves it to the server.</summary>
    public int? Compression { get; init; }

    /// <summary>The pixel format to ask for; true colour.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgrx;

    /// <summary>Bounds on what the server may announce.</summary>
    public RfbLimits Limits { get; init; } = RfbLimits.Default;

    /// <summary>Asks for the extended clipboard, and answers for text.</summary>
    public bool ExtendedClipboard { get; init; }

    /// <summary>The list as it goes out.</summary>
    internal int[] ToEncodings() =>
    [
        .. Encodings,
        .. ExtendedClipboard ? [RfbEncoding.ExtendedClipboard] : Array.Empty<int>(),
        .. Quality is { } quality && PictureDecoder.CanDecodeJpeg ? [-32 + Math.Clamp(quality, 0, 9)] : Array.Empty<int>(),
        .. Compression is { } level ? [-256 + Math.Clamp(level, 0, 9)] : Array.Empty<int>(),
    ];
}
