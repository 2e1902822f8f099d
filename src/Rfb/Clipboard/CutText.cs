using System.Text;

namespace StreamSpace.Rfb.Clipboard;

/// <summary>Formats of the extended clipboard (rfbproto, "Extended Clipboard Pseudo-Encoding").</summary>
[Flags]
public enum ClipboardFormats
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>UTF-8 text; lines end with CR LF, and a zero byte ends it all.</summary>
    Text = 1,

    /// <summary>Rich Text Format.</summary>
    Rtf = 2,

    /// <summary>HTML, as Windows' clipboard has it.</summary>
    Html = 4,

    /// <summary>A Windows device-independent bitmap.</summary>
    Dib = 8,

    /// <summary>Files; the protocol reserves the bit and says nothing more.</summary>
    Files = 16,

    /// <summary>All five.</summary>
    All = Text | Rtf | Html | Dib | Files,
}

/// <summary>What a cut text message is for.</summary>
public enum CutTextKind
{
    /// <summary>Latin-1 text, the message of RFC 6143.</summary>
    Classic,

    /// <summary>Extended: what the peer understands, and how much of each format it takes unasked.</summary>
    Caps,

    /// <summary>Extended: send these formats.</summary>
    Request,

    /// <summary>Extended: tell which formats you have.</summary>
    Peek,

    /// <summary>Extended: these formats are to be had.</summary>
    Notify,

    /// <summary>Extended: here they are.</summary>
    Provide,
}

/// <summary>One format with its bytes, or in <see cref="CutTextKind.Caps"/> with the size that is taken unasked.</summary>
/// <param name="Format">One bit.</param>
/// <param name="Size">Caps: bytes taken unasked. Otherwise the number of bytes.</param>
/// <param name="Content">Provide: the bytes as they travelled.</param>
public readonly record struct ClipboardPart(ClipboardFormats Format, uint Size, ReadOnlyMemory<byte> Content);

/// <summary>A cut text message that was read.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Formats">The formats it names.</param>
/// <param name="Actions">Caps: what the peer understands, as bits 24 to 28 of the flags moved down: 1 caps, 2 request, 4 peek, 8 notify, 16 provide.</param>
/// <param name="Parts">Caps: one for each format, with its size. Provide: one for each format, with its content.</param>
/// <param name="Latin1">Classic: the bytes of the text.</param>
public sealed record CutText(CutTextKind Kind, ClipboardFormats Formats, int Actions, IReadOnlyList<ClipboardPart> Parts, ReadOnlyMemory<byte> Latin1)
{
    /// <summary>The text, with plain line feeds; null when there is none in it.</summary>
    public string? Text
    {
        get
        {
            if (Kind == CutTextKind.Classic)
                return Encoding.Latin1.GetString(Latin1.Span);
            foreach (var part in Parts)
            {
                if (Kind == CutTextKind.Provide && part.Format == ClipboardFormats.Text)
                    return Encoding.UTF8.GetString(part.Content.Span).TrimEnd('\0').Replace("\r\n", "\n", StringComparison.Ordinal);
            }
            return null;
        }
    }
}
