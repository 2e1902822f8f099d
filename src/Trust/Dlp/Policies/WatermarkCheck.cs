using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>
/// Whether a watermark can be drawn as it is meant. An image goes to the browser of everybody who looks, so it is what its first bytes say, small, and of
/// few pixels; SVG, which is a program, is none.
/// </summary>
internal static partial class WatermarkCheck
{
    public static readonly IReadOnlyList<string> Variables = ["user", "email", "ip", "time", "session"];

    /// <summary>Bytes of an image.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Characters of an image as a data: address: base64 and what stands before it.</summary>
    public const int LongestImage = ((MostBytes + 2) / 3 * 4) + 32;

    private const int MostPixels = 2048;
    private const int MostLines = 4;

    public static void Of(string field, WatermarkSection watermark, List<FieldIssue> issues)
    {
        var (text, image) = (watermark.Text, watermark.Image);
        if (string.IsNullOrWhiteSpace(text) && string.IsNullOrEmpty(image))
            issues.Add(new(field, "needs a text or an image."));
        if (text is not null && Text(text) is { } wrong)
            issues.Add(new($"{field}.text", wrong));
        if (!string.IsNullOrEmpty(image) && Image(image) is { } unusable)
            issues.Add(new($"{field}.image", unusable));
        if (watermark.Opacity is { } opacity && double.IsNaN(opacity))
            issues.Add(new($"{field}.opacity", "must be between 0.05 and 1."));
    }

    /// <summary>The rules with the image named by its digest: an audit entry is no place for pictures.</summary>
    public static PolicyRules Named(PolicyRules rules) => rules.Watermark is { Image: { Length: > 0 } image } watermark
        ? rules with { Watermark = watermark with { Image = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image))) } }
        : rules;

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    internal static string? Text(string text)
    {
        if (text.Any(c => char.IsControl(c) && c != '\n') || text.Count(c => c == '\n') >= MostLines)
            return string.Create(CultureInfo.InvariantCulture, $"must have at most {MostLines} lines of plain text.");
        foreach (Match variable in Variable().Matches(text))
        {
            if (!Variables.Contains(variable.Groups["name"].Value, StringComparer.Ordinal))
                return $"names {variable.Value}, which is not known; there are {string.Join(", ", Variables.Select(v => $"{{{v}}}"))}.";
        }

        return Variable().Replace(text, "").AsSpan().ContainsAny('{', '}') ? "has a brace without its other half." : null;
    }

    /// <summary>What is wrong with an image; null when nothing is.</summary>
    internal static string? Image(string address)
    {
        if (Address().Match(address) is not { Success: true } found)
            return "must be a data:image/png;base64 or data:image/jpeg;base64 address.";
        var bytes = new byte[MostBytes + 4];
        if (!Convert.TryFromBase64String(address[found.Length..], bytes, out var length))
            return address.Length - found.Length > MostBytes / 3 * 4 ? "is larger than 64 KiB or no base64." : "is no base64.";
        if (length > MostBytes)
            return "is larger than 64 KiB.";
        var size = found.Groups["kind"].Value == "png" ? PngSize(bytes.AsSpan(0, length)) : JpegSize(bytes.AsSpan(0, length));
        if (size is not { } pixels)
            return $"is no {found.Groups["kind"].Value.ToUpperInvariant()} image, whatever its address says.";
        return pixels.Width is < 1 or > MostPixels || pixels.Height is < 1 or > MostPixels
            ? string.Create(CultureInfo.InvariantCulture, $"has {pixels.Width} x {pixels.Height} pixels; each side must be 1 to {MostPixels}.")
            : null;
    }

    private static (int Width, int Height)? PngSize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 33 || !bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) || !bytes[12..].StartsWith("IHDR"u8))
            return null;
        return (Side(bytes[16..]), Side(bytes[20..]));
    }

    private static int Side(ReadOnlySpan<byte> bytes) => (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Walks the segments to the frame header, which tells the size.</summary>
    private static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
            return null;
        var at = 2;
        while (at + 9 < bytes.Length && bytes[at] == 0xff)
        {
            var marker = bytes[at + 1];
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            if (marker is 0xd9 or 0xda)
                return null;
            at += marker == 0xff ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\Adata:image/(?<kind>png|jpeg);base64,", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Address();
}
