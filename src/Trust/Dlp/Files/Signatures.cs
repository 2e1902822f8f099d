using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace StreamSpace.Dlp;

/// <summary>
/// Types by leading bytes: the one table of signatures, and the few types that need a second look. What is in an archive is not looked at; that is
/// the virus scanner's work.
/// </summary>
internal static class Signatures
{
    public const string Unknown = "application/octet-stream";
    private const string Text = "text/plain", Html = "text/html", Svg = "image/svg+xml", Zip = "application/zip";

    private static readonly (int At, byte[] Bytes, string Type)[] Table =
    [
        (0, [0x7F, .. "ELF"u8], "application/x-executable"),
        (0, "MZ"u8.ToArray(), "application/x-dosexec"),
        (0, [0xFE, 0xED, 0xFA, 0xCE], "application/x-mach-binary"),
        (0, [0xFE, 0xED, 0xFA, 0xCF], "application/x-mach-binary"),
        (0, [0xCE, 0xFA, 0xED, 0xFE], "application/x-mach-binary"),
        (0, [0xCF, 0xFA, 0xED, 0xFE], "application/x-mach-binary"),
        (0, [0xCA, 0xFE, 0xBA, 0xBE], "application/x-mach-binary"), // also a Java class: a program either way
        (0, [0x00, .. "asm"u8], "application/wasm"),
        (0, [0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00], "application/x-ms-shortcut"),
        (0, "#!"u8.ToArray(), "text/x-script"),
        (0, "Rar!\x1A\x07"u8.ToArray(), "application/vnd.rar"),
        (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
        (0, [0x1F, 0x8B], "application/gzip"),
        (0, "BZh"u8.ToArray(), "application/x-bzip2"),
        (0, [0xFD, .. "7zXZ"u8, 0x00], "application/x-xz"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "application/zstd"),
        (257, "ustar"u8.ToArray(), "application/x-tar"),
        (0, "MSCF"u8.ToArray(), "application/vnd.ms-cab-compressed"),
        (0, "!<arch>\n"u8.ToArray(), "application/x-archive"),
        (0, [0xED, 0xAB, 0xEE, 0xDB], "application/x-rpm"),
        (32769, "CD001"u8.ToArray(), "application/x-iso9660-image"),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "application/x-ole-storage"), // older Office, and Windows installers
        (0, "{\\rtf"u8.ToArray(), "application/rtf"),
        (0, [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A], "image/png"),
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
        (0, "GIF8"u8.ToArray(), "image/gif"),
        (0, "II*\0"u8.ToArray(), "image/tiff"),
        (0, "MM\0*"u8.ToArray(), "image/tiff"),
        (0, [0x00, 0x00, 0x01, 0x00], "image/x-icon"),
        (0, "ID3"u8.ToArray(), "audio/mpeg"),
        (0, [0xFF, 0xFB], "audio/mpeg"),
        (0, "fLaC"u8.ToArray(), "audio/flac"),
        (0, "OggS"u8.ToArray(), "audio/ogg"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        (0, "SQLite format 3\0"u8.ToArray(), "application/vnd.sqlite3"),
    ];

    // What programs make of a file by its name, where that is a danger of its own.
    private static readonly Dictionary<string, string> ByExtension = new (string Type, string Extensions)[]
    {
        ("application/x-dosexec", "exe dll com scr msi msp sys cpl ocx pif"),
        ("text/x-script", "bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta sh bash zsh fish py pyw pl rb php reg desktop"),
        ("application/x-ms-shortcut", "lnk url scf"),
        ("application/java-archive", "jar war"),
        ("application/x-office-macros", "docm dotm xlsm xltm xlam xlsb pptm ppsm potm ppam"),
        ("application/x-iso9660-image", "iso img vhd vhdx"),
    }.SelectMany(line => line.Extensions.Split(' '), (line, extension) => (Extension: extension, line.Type)).ToDictionary(p => p.Extension, p => p.Type, StringComparer.OrdinalIgnoreCase);

    public static string TypeOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
            return InZip(head);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
            return head[8..11].SequenceEqual("hei"u8) || head[8..11].SequenceEqual("mif"u8) ? "image/heic" : head[8..11].SequenceEqual("avi"u8) ? "image/avif" : head[8..11].SequenceEqual("M4A"u8) ? "audio/mp4" : "video/mp4";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
            return head[8..12].SequenceEqual("WEBP"u8) ? "image/webp" : head[8..12].SequenceEqual("WAVE"u8) ? "audio/wav" : head[8..12].SequenceEqual("AVI "u8) ? "video/x-msvideo" : Unknown;
        if (head.StartsWith("BM"u8) && head.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124)
            return "image/bmp";
        foreach (var (at, bytes, type) in Table)
        {
            if (head.Length >= at + bytes.Length && head.Slice(at, bytes.Length).SequenceEqual(bytes))
                return type;
        }

        // Readers look for it in the first kilobyte.
        return head[..Math.Min(head.Length, 1024)].IndexOf("%PDF-"u8) >= 0 ? "application/pdf" : OfText(head);
    }

    /// <summary>The type that the name claims; null where the name is harmless.</summary>
    public static string? ByName(string name)
    {
        // Windows drops dots and spaces at the end.
        var extension = Path.GetExtension(name.TrimEnd('.', ' '));
        return extension.Length > 1 ? ByExtension.GetValueOrDefault(extension[1..]) : null;
    }

    /// <summary>Whether a type is one of the pattern's: the same, or <c>image/*</c> and any image.</summary>
    public static bool Matches(string pattern, string type) =>
        pattern.EndsWith("/*", StringComparison.Ordinal) ? type.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == type;

    private static string InZip(ReadOnlySpan<byte> head)
    {
        if (head.Length < 30)
            return Zip;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]);
        var name = head.Slice(30, Math.Min(length, head.Length - 30));
        if (name.SequenceEqual("mimetype"u8))
        {
            var content = head[Math.Min(head.Length, 30 + length + BinaryPrimitives.ReadUInt16LittleEndian(head[28..]))..];
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[18..]), 100);
            var said = size <= content.Length ? Encoding.ASCII.GetString(content[..size]) : "";
            return said.StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal) || said == "application/epub+zip" ? said : Zip;
        }

        if (name.StartsWith("META-INF/"u8))
            return "application/java-archive";
        if (!name.SequenceEqual("[Content_Types].xml"u8) && !name.StartsWith("_rels/"u8) && !name.StartsWith("docProps/"u8) && !name.StartsWith("word/"u8) && !name.StartsWith("xl/"u8) && !name.StartsWith("ppt/"u8))
            return Zip;
        return head.IndexOf("vbaProject.bin"u8) >= 0 ? "application/x-office-macros"
            : head.IndexOf("word/"u8) >= 0 ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            : head.IndexOf("xl/"u8) >= 0 ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            : head.IndexOf("ppt/"u8) >= 0 ? "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            : Zip;
    }

    private static string OfText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Text; // UTF-16 by its mark
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            head = head[3..];
        foreach (var b in head)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1B))
                return Unknown;
        }

        if (!IsUtf8(head))
            return Unknown;
        var begin = Encoding.UTF8.GetString(head[..Math.Min(head.Length, 1024)]).TrimStart();
        return begin.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || begin.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || begin.Contains("<script", StringComparison.OrdinalIgnoreCase) ? Html
            : begin.StartsWith('<') && begin.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? Svg
            : Text;
    }

    /// <summary>The last character may be cut in two.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        for (var cut = head.Length; cut >= Math.Max(0, head.Length - 3); cut--)
        {
            if (Utf8.IsValid(head[..cut]))
                return true;
        }

        return false;
    }
}
