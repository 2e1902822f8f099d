using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Dlp;

namespace StreamSpace.Trust.Tests.Dlp;

public sealed class FileBorderTests
{
    private static readonly PolicyRef By = new(DlpPolicyId.New(), "Policy", DlpSeverity.High);

    [Fact]
    public void Types_are_told_by_leading_bytes()
    {
        (string Expected, byte[] Head)[] corpus =
        [
            ("application/x-dosexec", [.. "MZ"u8, 0x90, 0]),
            ("application/x-executable", [0x7F, .. "ELF"u8, 2, 1]),
            ("text/x-script", "#!/bin/sh\necho"u8.ToArray()),
            ("application/pdf", [.. new byte[500], .. "%PDF-1.7"u8]),
            ("image/png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0]),
            ("image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0]),
            ("image/webp", "RIFF\0\0\0\0WEBPVP8 "u8.ToArray()),
            ("video/mp4", "\0\0\0\u0018ftypisom"u8.ToArray()),
            ("image/heic", "\0\0\0\u0018ftypheic"u8.ToArray()),
            ("application/x-tar", [.. new byte[257], .. "ustar"u8, 0]),
            ("application/x-iso9660-image", [.. new byte[32769], .. "CD001"u8]),
            ("application/zip", Zip("folder/file.txt")),
            ("application/java-archive", Zip("META-INF/MANIFEST.MF")),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", [.. Zip("[Content_Types].xml"), .. "word/document.xml"u8]),
            ("application/x-office-macros", [.. Zip("[Content_Types].xml"), .. "word/document.xml word/vbaProject.bin"u8]),
            ("application/vnd.oasis.opendocument.text", Zip("mimetype", "application/vnd.oasis.opendocument.text")),
            ("application/zip", Zip("mimetype", "application/x-anything")),
            ("text/html", "  <!DOCTYPE html><p>"u8.ToArray()),
            ("image/svg+xml", "<?xml version='1.0'?><svg xmlns='x'>"u8.ToArray()),
            ("text/plain", Encoding.UTF8.GetBytes("grün und weiß\n")),
            ("text/plain", Encoding.UTF8.GetBytes("cut in the middle of ä")[..^1]),
            ("text/plain", []),
            ("application/octet-stream", [1, 2, 3, 0, 255]),
            ("application/octet-stream", [.. "text"u8, 0xC3, 0x28, .. "and more"u8]),
            ("application/zip", "PK\x03\x04"u8.ToArray()),
        ];
        foreach (var (expected, head) in corpus)
            Assert.Equal((expected, expected), (expected, Signatures.TypeOf(head)));
        foreach (var (_, head) in corpus)
        {
            for (var cut = 0; cut < Math.Min(head.Length, 400); cut++)
                Signatures.TypeOf(head.AsSpan(0, cut)); // half a file is no reason to fall over
        }
    }

    [Fact]
    public void A_denied_type_wins_over_an_allowed_one_and_the_name_counts_too()
    {
        var border = new FileBorder(null!);
        var rules = FileRules.Free with { AllowTypes = new(["text/*", "image/png"], By), DenyTypes = [new("text/x-script", By)] };
        Assert.Null(border.CheckType(rules, "notes.txt", "text/plain"));
        Assert.Null(border.CheckType(rules, "noname", "image/png"));
        Assert.Equal(IncidentReason.Format, border.CheckType(rules, "run.txt", "text/x-script")!.Reason);
        Assert.Equal("text/x-script", border.CheckType(rules, "run.ps1", "text/plain")!.Finding);
        Assert.Equal("application/x-dosexec", border.CheckType(rules, "a.png.EXE", "image/png")!.Finding);
        Assert.Equal("image/jpeg", border.CheckType(rules, "a.png", "image/jpeg")!.Finding);
        Assert.Null(border.CheckType(FileRules.Free, "a.exe", "application/x-dosexec"));
    }

    [Fact]
    public void The_scanners_address_is_a_path_or_a_host_with_a_port()
    {
        Assert.Equal((null, 0, "/run/clamav/clamd.ctl"), new ClamAvOptions { Address = "unix:/run/clamav/clamd.ctl" }.Parts());
        Assert.Equal(("scanner", 3310, null), new ClamAvOptions { Address = "tcp://scanner:3310" }.Parts());
        Assert.Equal(("::1", 3310, null), new ClamAvOptions { Address = "[::1]:3310" }.Parts());
    }

    private static byte[] Zip(string name, string content = "")
    {
        var head = new byte[30];
        "PK\x03\x04"u8.CopyTo(head);
        head[18] = (byte)content.Length;
        head[26] = (byte)name.Length;
        return [.. head, .. Encoding.ASCII.GetBytes(name), .. Encoding.ASCII.GetBytes(content)];
    }
}
