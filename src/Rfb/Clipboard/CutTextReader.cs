using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace StreamSpace.Rfb.Clipboard;

/// <summary>
/// Reads a whole ClientCutText or ServerCutText: the classic one (RFC 6143, 7.5.6 and 7.6.4) and the extended one (rfbproto, "Extended Clipboard
/// Pseudo-Encoding"), whose content is inflated no further than <see cref="RfbLimits.CutText"/> allows. Hostile bytes are an <see cref="RfbError"/>.
/// </summary>
public static class CutTextReader
{
    /// <summary>Bytes before the content.</summary>
    public const int HeaderLength = 8;

    /// <summary>Reads one message.</summary>
    /// <param name="message">The whole message, its type byte first.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="text">What it says.</param>
    /// <param name="error">What is wrong; its offset counts from the start of the message.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, RfbLimits limits, out CutText text, out RfbError error)
    {
        text = new(CutTextKind.Classic, ClipboardFormats.None, 0, [], default);
        if (message.Length < HeaderLength)
            return Fail(RfbFault.EndOfStream, message.Length, 0, out error);
        long announced = BinaryPrimitives.ReadInt32BigEndian(message[4..]);
        var length = Math.Abs(announced);
        if (length > limits.CutText)
            return Fail(RfbFault.TooLong, 4, length, out error);
        if (message.Length < HeaderLength + length)
            return Fail(RfbFault.EndOfStream, message.Length, length, out error);
        var content = message.Slice(HeaderLength, (int)length);
        if (announced < 0)
            return Extended(content, limits, ref text, out error);
        text = text with { Formats = ClipboardFormats.Text, Latin1 = content.ToArray() };
        error = default;
        return true;
    }

    /// <summary>Four bytes of flags: formats below, one action above; caps may name several, since they are what is understood.</summary>
    private static bool Extended(ReadOnlySpan<byte> content, RfbLimits limits, ref CutText text, out RfbError error)
    {
        if (content.Length < 4)
            return Fail(RfbFault.BadValue, HeaderLength, content.Length, out error);
        var flags = BinaryPrimitives.ReadUInt32BigEndian(content);
        var actions = (int)(flags >> 24) & 0x1f;
        var formats = (ClipboardFormats)(flags & 0xffff);
        error = default;
        if ((actions & 1) != 0)
            return Caps(content[4..], formats, actions, ref text, out error);
        if (!BitOperations.IsPow2(actions))
            return Fail(RfbFault.BadValue, HeaderLength, flags, out error);
        var kind = actions switch { 2 => CutTextKind.Request, 4 => CutTextKind.Peek, 8 => CutTextKind.Notify, _ => CutTextKind.Provide };
        text = new(kind, formats, actions, [], default);
        return kind != CutTextKind.Provide || Provide(content[4..], formats, limits, ref text, out error);
    }

    /// <summary>Four bytes for each format, in the order of the bits.</summary>
    private static bool Caps(ReadOnlySpan<byte> sizes, ClipboardFormats formats, int actions, ref CutText text, out RfbError error)
    {
        var parts = new List<ClipboardPart>();
        for (var bit = 0; bit < 16; bit++)
        {
            var format = (ClipboardFormats)(1 << bit);
            if ((formats & format) == ClipboardFormats.None)
                continue;
            if (sizes.Length < 4 * (parts.Count + 1))
                return Fail(RfbFault.BadValue, HeaderLength, (long)formats, out error);
            parts.Add(new(format, BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * parts.Count)..]), default));
        }
        text = new(CutTextKind.Caps, formats, actions, parts, default);
        error = default;
        return true;
    }

    /// <summary>A zlib stream of its own: for each format four bytes of length and the content.</summary>
    private static bool Provide(ReadOnlySpan<byte> compressed, ClipboardFormats formats, RfbLimits limits, ref CutText text, out RfbError error)
    {
        var parts = new List<ClipboardPart>();
        using var block = new MemoryStream(compressed.ToArray(), writable: false);
        using var inflate = new ZLibStream(block, CompressionMode.Decompress);
        long left = limits.CutText;
        Span<byte> head = stackalloc byte[4];
        try
        {
            for (var bit = 0; bit < 16; bit++)
            {
                var format = (ClipboardFormats)(1 << bit);
                if ((formats & format) == ClipboardFormats.None)
                    continue;
                if (inflate.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4)
                    return Fail(RfbFault.BadData, HeaderLength + 4, (long)format, out error);
                var size = BinaryPrimitives.ReadUInt32BigEndian(head);
                if (size > left)
                    return Fail(RfbFault.TooLong, HeaderLength + 4, size, out error);
                left -= size;
                if (Inflate(inflate, (int)size) is not { } content)
                    return Fail(RfbFault.BadData, HeaderLength + 4, (long)format, out error);
                parts.Add(new(format, size, content));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Fail(RfbFault.BadData, HeaderLength + 4, (long)formats, out error);
        }
        text = text with { Parts = parts };
        error = default;
        return true;
    }

    /// <summary>Reads so many bytes; the buffer grows with what really comes.</summary>
    private static byte[]? Inflate(ZLibStream inflate, int size)
    {
        var content = new byte[Math.Min(size, 64 * 1024)];
        for (var filled = 0; filled < size;)
        {
            if (filled == content.Length)
                Array.Resize(ref content, (int)Math.Min(size, 2L * content.Length));
            var got = inflate.Read(content, filled, content.Length - filled);
            if (got == 0)
                return null;
            filled += got;
        }
        return content;
    }

    private static bool Fail(RfbFault fault, long offset, long value, out RfbError error)
    {
        error = new(fault, offset, value);
        return false;
    }
}
