using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using StreamSpace.Rfb.Clipboard;

namespace StreamSpace.Streaming.Protection;

/// <summary>
/// All of a cut text that can be read as text. Of HTML and RTF both what is written and what is seen: marks may stand in the middle of a number, and
/// a number in the middle of a mark. Takes time in proportion to the length, whatever it holds.
/// </summary>
internal static partial class ClipboardTexts
{
    public static string Of(CutText cut)
    {
        if (cut.Kind == CutTextKind.Classic)
            return cut.Text ?? "";
        var text = new StringBuilder(cut.Text);
        foreach (var part in cut.Parts)
        {
            if (part.Format == ClipboardFormats.Html)
            {
                var html = Encoding.UTF8.GetString(part.Content.Span);
                text.Append('\n').Append(html).Append('\n').Append(WebUtility.HtmlDecode(WithoutTags(html)));
            }
            else if (part.Format == ClipboardFormats.Rtf)
            {
                var rtf = Encoding.Latin1.GetString(part.Content.Span);
                text.Append('\n').Append(rtf).Append('\n').Append(RtfMark().Replace(rtf, ""));
            }
        }

        return text.ToString();
    }

    internal static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        var rest = html.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is >= 0 and var length)
        {
            text.Append(rest[..open]);
            rest = rest[(open + length + 1)..];
        }

        return text.Append(rest).ToString();
    }

    [GeneratedRegex(@"\\[a-z]+-?\d* ?|[{}]", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex RtfMark();
}
