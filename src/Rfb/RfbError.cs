namespace StreamSpace.Rfb;

/// <summary>What is wrong with a peer's bytes.</summary>
public enum RfbFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A message type that this library does not know; its length cannot be known either.</summary>
    UnknownMessage,

    /// <summary>An encoding that was not asked for and cannot be walked.</summary>
    UnknownEncoding,

    /// <summary>An announced length or count beyond <see cref="RfbLimits"/>.</summary>
    TooLong,

    /// <summary>A value that the protocol does not allow.</summary>
    BadValue,

    /// <summary>The bytes ended in the middle of something.</summary>
    EndOfStream,

    /// <summary>The first twelve bytes are no RFB version.</summary>
    NotRfb,

    /// <summary>The server offers no security type that we speak.</summary>
    NoCommonSecurity,

    /// <summary>The server refused the password, or the connection as such.</summary>
    Refused,

    /// <summary>Compressed data or a JPEG file that does not hold what it must.</summary>
    BadData,

    /// <summary>A JPEG rectangle, and no library to read it; see <see cref="Pictures.TurboJpeg.Missing"/>.</summary>
    NoJpeg,
}

/// <summary>A violation of the protocol, with its place.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Offset">Bytes of the stream before the message (or handshake step) it is in.</param>
/// <param name="Value">The offending number (type, encoding, length), 0 when there is none.</param>
public readonly record struct RfbError(RfbFault Fault, long Offset, long Value)
{
    /// <summary>One sentence for a log or a close reason; holds no content of the stream.</summary>
    public override string ToString() => Fault switch
    {
        RfbFault.None => "No fault.",
        RfbFault.UnknownMessage => $"Unknown message type {Value} at byte {Offset}.",
        RfbFault.UnknownEncoding => $"Unknown encoding {Value} at byte {Offset}.",
        RfbFault.TooLong => $"Announced length {Value} at byte {Offset} is over the limit.",
        RfbFault.BadValue => $"Value {Value} at byte {Offset} is not allowed.",
        RfbFault.EndOfStream => $"The stream ended at byte {Offset} in the middle of a message.",
        RfbFault.BadData => $"The data of encoding {Value} at byte {Offset} cannot be read.",
        RfbFault.NoJpeg => $"The picture at byte {Offset} is a JPEG file, which cannot be read here: {Pictures.TurboJpeg.Missing}.",
        RfbFault.NotRfb => "The peer does not speak RFB.",
        RfbFault.NoCommonSecurity => "The server offers no security type in common.",
        _ => "The server refused the connection.",
    };
}

/// <summary>Carries an <see cref="RfbError"/> out of the stream-based ends of the library (handshake, client, server); the readers return it instead.</summary>
public sealed class RfbException(RfbError error, string? detail = null, Exception? inner = null)
    : Exception(detail is null ? error.ToString() : $"{error} {detail}", inner)
{
    /// <summary>What is wrong and where.</summary>
    public RfbError Error { get; } = error;
}
