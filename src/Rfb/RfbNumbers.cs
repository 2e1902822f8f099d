namespace StreamSpace.Rfb;

/// <summary>Types of messages from viewer to server. RFC 6143 section 7.5; from 150 on: rfbproto, "Client to Server Messages".</summary>
public static class ClientMessageType
{
    /// <summary>The format the viewer wants pixels in: 20 bytes (RFC 6143, 7.5.1).</summary>
    public const byte SetPixelFormat = 0;

    /// <summary>The encodings the viewer understands, best first: 4 + 4n bytes (7.5.2).</summary>
    public const byte SetEncodings = 2;

    /// <summary>Asks for a part of the picture: 10 bytes (7.5.3).</summary>
    public const byte FramebufferUpdateRequest = 3;

    /// <summary>A key went down or up: 8 bytes (7.5.4).</summary>
    public const byte KeyEvent = 4;

    /// <summary>The pointer moved or a button changed: 6 bytes (7.5.5), or 7 after Extended Mouse Buttons were agreed on (rfbproto).</summary>
    public const byte PointerEvent = 5;

    /// <summary>The viewer's clipboard: 8 + n bytes (7.5.6); a negative length marks the extended clipboard (rfbproto).</summary>
    public const byte ClientCutText = 6;

    /// <summary>Turns continuous updates on or off: 10 bytes.</summary>
    public const byte EnableContinuousUpdates = 150;

    /// <summary>A mark in the stream, asked for or answered: 9 + n bytes, n at most 64.</summary>
    public const byte Fence = 248;

    /// <summary>Power commands of the xvp extension: 4 bytes.</summary>
    public const byte Xvp = 250;

    /// <summary>The viewer wants another picture size: 8 + 16n bytes.</summary>
    public const byte SetDesktopSize = 251;

    /// <summary>QEMU's messages; a second byte tells which: 0 extended key (12 bytes), 1 audio (4 or 10 bytes).</summary>
    public const byte Qemu = 255;
}

/// <summary>Types of messages from server to viewer. RFC 6143 section 7.6; from 150 on: rfbproto, "Server to Client Messages".</summary>
public static class ServerMessageType
{
    /// <summary>Rectangles of the picture (7.6.1).</summary>
    public const byte FramebufferUpdate = 0;

    /// <summary>Colours of a palette (7.6.2).</summary>
    public const byte SetColourMapEntries = 1;

    /// <summary>A beep (7.6.3).</summary>
    public const byte Bell = 2;

    /// <summary>The server's clipboard (7.6.4); a negative length marks the extended clipboard.</summary>
    public const byte ServerCutText = 3;

    /// <summary>Continuous updates are possible (first time) or over: 1 byte.</summary>
    public const byte EndOfContinuousUpdates = 150;

    /// <summary>A mark in the stream: 9 + n bytes.</summary>
    public const byte Fence = 248;

    /// <summary>Answers of the xvp extension: 4 bytes.</summary>
    public const byte Xvp = 250;

    /// <summary>QEMU's sound: a second byte 1, an operation (0 end, 1 begin: 4 bytes; 2 data: 8 + n bytes).</summary>
    public const byte Qemu = 255;
}

/// <summary>Encodings and pseudo-encodings. RFC 6143 section 7.7; the others: rfbproto, "Encodings".</summary>
public static class RfbEncoding
{
    /// <summary>Pixels as they are.</summary>
    public const int Raw = 0;

    /// <summary>A part of the picture moved.</summary>
    public const int CopyRect = 1;

    /// <summary>Rise-and-run-length: a background and rectangles.</summary>
    public const int Rre = 2;

    /// <summary>RRE with one-byte coordinates.</summary>
    public const int CoRre = 4;

    /// <summary>Tiles of 16 x 16.</summary>
    public const int Hextile = 5;

    /// <summary>Raw through one zlib stream per connection.</summary>
    public const int Zlib = 6;

    /// <summary>Tight: fill, JPEG, palettes and four zlib streams per connection.</summary>
    public const int Tight = 7;

    /// <summary>Tiles of 64 x 64 through one zlib stream per connection.</summary>
    public const int Zrle = 16;

    /// <summary>JPEG files.</summary>
    public const int Jpeg = 21;

    /// <summary>H.264 frames.</summary>
    public const int H264 = 50;

    /// <summary>Tight with PNG instead of zlib.</summary>
    public const int TightPng = -260;

    /// <summary>The picture's size changed.</summary>
    public const int DesktopSize = -223;

    /// <summary>Ends an update whose number of rectangles was not known.</summary>
    public const int LastRect = -224;

    /// <summary>The pointer's shape in the pixel format, with a mask.</summary>
    public const int Cursor = -239;

    /// <summary>The pointer's shape in two colours.</summary>
    public const int XCursor = -240;

    /// <summary>The pointer's shape with an alpha channel.</summary>
    public const int AlphaCursor = -314;

    /// <summary>QEMU's switch between absolute and relative pointer events; the rectangle's x is 1 for absolute.</summary>
    public const int QemuPointerMotion = -257;

    /// <summary>QEMU's sound.</summary>
    public const int QemuAudio = -259;

    /// <summary>Key events with scan codes are understood.</summary>
    public const int QemuExtendedKey = -258;

    /// <summary>State of the lock keys (QEMU's form).</summary>
    public const int QemuLed = -261;

    /// <summary>The desktop's name changed.</summary>
    public const int DesktopName = -307;

    /// <summary>Size and screens; the viewer may change them.</summary>
    public const int ExtendedDesktopSize = -308;

    /// <summary>Power commands.</summary>
    public const int Xvp = -309;

    /// <summary>Fences are understood.</summary>
    public const int Fence = -312;

    /// <summary>Continuous updates are understood.</summary>
    public const int ContinuousUpdates = -313;

    /// <summary>Pointer events with nine buttons.</summary>
    public const int ExtendedMouseButtons = -316;

    /// <summary>The pointer's shape as VMware sends it.</summary>
    public const int VMwareCursor = 0x574D5664;

    /// <summary>The clipboard with formats, sizes and requests.</summary>
    public const int ExtendedClipboard = unchecked((int)0xC0A1E5CE);

    /// <summary>JPEG quality 0; 9 is nine higher.</summary>
    public const int LowestQuality = -32;

    /// <summary>Compression level 0; 9 is nine higher.</summary>
    public const int LowestCompression = -256;

    /// <summary>JPEG quality 0..9 is -32..-23; finer quality -512..-412, subsampling -768..-763.</summary>
    public static bool IsQuality(int encoding) => encoding is >= -32 and <= -23 or >= -512 and <= -412 or >= -768 and <= -763;

    /// <summary>Compression level 0..9 is -256..-247.</summary>
    public static bool IsCompression(int encoding) => encoding is >= -256 and <= -247;

    /// <summary>
    /// True for what <see cref="Messages.ServerStream"/> can follow. A proxy takes everything else out of SetEncodings, so that a server never sends it.
    /// </summary>
    public static bool IsWalkable(int encoding) =>
        encoding is Raw or CopyRect or Rre or CoRre or Hextile or Zlib or Tight or Zrle or TightPng or Jpeg or H264
            or DesktopSize or LastRect or Cursor or XCursor or AlphaCursor or QemuExtendedKey or QemuPointerMotion or QemuAudio or QemuLed or DesktopName or ExtendedDesktopSize
            or Xvp or Fence or ContinuousUpdates or ExtendedMouseButtons or VMwareCursor or ExtendedClipboard
        || IsQuality(encoding) || IsCompression(encoding);
}

/// <summary>Security types. RFC 6143 section 7.1.2.</summary>
public static class RfbSecurity
{
    /// <summary>The server refuses; a reason follows.</summary>
    public const byte Invalid = 0;

    /// <summary>No password.</summary>
    public const byte None = 1;

    /// <summary>A 16-byte challenge, answered with DES keyed by the password.</summary>
    public const byte VncAuth = 2;
}
