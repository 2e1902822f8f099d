using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StreamSpace.Rfb.Clipboard;

/// <summary>
/// Writes cut text messages, for either direction (<see cref="ClientMessageType.ClientCutText"/>, <see cref="ServerMessageType.ServerCutText"/>). Sources as for
/// <see cref="CutTextReader"/>.
/// </summary>
public static class CutTextWriter
{
    /// <summary>The classic message. Characters that Latin-1 does not have become question marks.</summary>
    public static byte[] Classic(byte type, string text)
    {
        var message = Message(type, Encoding.Latin1.GetByteCount(text), extended: false);
        Encoding.Latin1.GetBytes(text, message.AsSpan(CutTextReader.HeaderLength));
        return message;
    }

    /// <summary>What we understand: all actions, and these formats up to a size each.</summary>
    public static byte[] Caps(byte type, ClipboardFormats formats, uint unasked)
    {
        var count = int.PopCount((int)formats & 0xffff);
        var message = Flagged(type, formats, 0x1f, 4 * count);
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(CutTextReader.HeaderLength + 4 + (4 * i)), unasked);
        return message;
    }

    /// <summary>Asks for formats.</summary>
    public static byte[] Request(byte type, ClipboardFormats formats) => Flagged(type, formats, 2, 0);

    /// <summary>Asks which formats there are.</summary>
    public static byte[] Peek(byte type) => Flagged(type, ClipboardFormats.None, 4, 0);

    /// <summary>Tells which formats there are; none says that the clipboard is empty.</summary>
    public static byte[] Notify(byte type, ClipboardFormats formats) => Flagged(type, formats, 8, 0);

    /// <summary>Sends text: UTF-8, CR LF, a zero byte at its end.</summary>
    public static byte[] Provide(byte type, string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        return Provide(type, [new(ClipboardFormats.Text, 0, Encoding.UTF8.GetBytes(lines + '\0'))]);
    }

    /// <summary>Sends formats as they are; one part per format.</summary>
    public static byte[] Provide(byte type, IReadOnlyList<ClipboardPart> parts)
    {
        using var compressed = new MemoryStream();
        var formats = ClipboardFormats.None;
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            Span<byte> size = stackalloc byte[4];
            foreach (var part in parts.OrderBy(p => p.Format))
            {
                formats |= part.Format;
                BinaryPrimitives.WriteInt32BigEndian(size, part.Content.Length);
                deflate.Write(size);
                deflate.Write(part.Content.Span);
            }
        }
        var message = Flagged(type, formats, 16, (int)compressed.Length);
        compressed.GetBuffer().AsSpan(0, (int)compressed.Length).CopyTo(message.AsSpan(CutTextReader.HeaderLength + 4));
        return message;
    }

    private static byte[] Flagged(byte type, ClipboardFormats formats, uint actions, int content)
    {
        var message = Message(type, 4 + content, extended: true);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(CutTextReader.HeaderLength), (actions << 24) | (uint)formats);
        return message;
    }

    /// <summary>A negative length marks the extended form.</summary>
    private static byte[] Message(byte type, int length, bool extended)
    {
        var message = new byte[CutTextReader.HeaderLength + length];
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), extended ? -length : length);
        return message;
    }
}
