using System.IO.Compression;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Tests.Messages;

namespace StreamSpace.Rfb.Tests.Clipboard;

public sealed class CutTextTests
{
    private static CutText Read(byte[] message)
    {
        Assert.True(CutTextReader.TryRead(message, RfbLimits.Default, out var text, out var error), error.ToString());
        return text;
    }

    [Fact]
    public void Classic_text_is_Latin_1_in_both_directions()
    {
        foreach (var type in new[] { ClientMessageType.ClientCutText, ServerMessageType.ServerCutText })
        {
            var message = CutTextWriter.Classic(type, "größer\n€");
            Assert.Equal(type, message[0]);
            var text = Read(message);
            Assert.Equal((CutTextKind.Classic, "größer\n?"), (text.Kind, text.Text));
        }
    }

    [Fact]
    public void Provided_text_is_UTF_8_with_carriage_returns_on_the_wire_only()
    {
        var text = Read(CutTextWriter.Provide(6, "größer\n€ 漢\r\nend"));
        Assert.Equal((CutTextKind.Provide, ClipboardFormats.Text, "größer\n€ 漢\nend"), (text.Kind, text.Formats, text.Text));
        Assert.Equal("größer\r\n€ 漢\r\nend\0", System.Text.Encoding.UTF8.GetString(text.Parts[0].Content.Span));
    }

    [Fact]
    public void All_formats_travel_together_in_the_order_of_their_bits()
    {
        ClipboardPart[] parts =
        [
            new(ClipboardFormats.Html, 0, "<b>x</b>"u8.ToArray()), new(ClipboardFormats.Text, 0, "x\0"u8.ToArray()), new(ClipboardFormats.Dib, 0, new byte[70_000]),
            new(ClipboardFormats.Rtf, 0, "{\\rtf}"u8.ToArray()), new(ClipboardFormats.Files, 0, Array.Empty<byte>()),
        ];
        var text = Read(CutTextWriter.Provide(3, parts));
        Assert.Equal(ClipboardFormats.All, text.Formats);
        Assert.Equal([1, 2, 4, 8, 16], text.Parts.Select(p => (int)p.Format));
        Assert.Equal([2u, 6u, 8u, 70_000u, 0u], text.Parts.Select(p => p.Size));
        Assert.All(text.Parts, p => Assert.Equal(parts.Single(o => o.Format == p.Format).Content.ToArray(), p.Content.ToArray()));
    }

    [Fact]
    public void Actions_are_told_apart()
    {
        var caps = Read(CutTextWriter.Caps(6, ClipboardFormats.Text | ClipboardFormats.Html, 1000));
        Assert.Equal((CutTextKind.Caps, 0x1f), (caps.Kind, caps.Actions));
        Assert.Equal([(ClipboardFormats.Text, 1000u), (ClipboardFormats.Html, 1000u)], caps.Parts.Select(p => (p.Format, p.Size)));
        Assert.Equal((CutTextKind.Request, ClipboardFormats.Rtf), (Read(CutTextWriter.Request(6, ClipboardFormats.Rtf)).Kind, Read(CutTextWriter.Request(6, ClipboardFormats.Rtf)).Formats));
        Assert.Equal(CutTextKind.Peek, Read(CutTextWriter.Peek(3)).Kind);
        Assert.Equal((CutTextKind.Notify, ClipboardFormats.None), (Read(CutTextWriter.Notify(3, ClipboardFormats.None)).Kind, Read(CutTextWriter.Notify(3, ClipboardFormats.None)).Formats));
    }

    [Theory]
    [InlineData(new byte[] { 6, 0, 0, 0, 0, 0 }, RfbFault.EndOfStream)]
    [InlineData(new byte[] { 6, 0, 0, 0, 0, 0, 0, 2, 65 }, RfbFault.EndOfStream)]
    [InlineData(new byte[] { 6, 0, 0, 0, 0x7f, 0, 0, 0 }, RfbFault.TooLong)]
    [InlineData(new byte[] { 6, 0, 0, 0, 0x80, 0, 0, 0 }, RfbFault.TooLong)]
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfd, 1, 0, 0 }, RfbFault.BadValue)] // no room for flags
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 0, 0, 0, 1 }, RfbFault.BadValue)] // no action
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 0x18, 0, 0, 1 }, RfbFault.BadValue)] // two actions
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 1, 0, 0, 1 }, RfbFault.BadValue)] // caps without a size
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 0x10, 0, 0, 1 }, RfbFault.BadData)] // provides nothing
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfa, 0x10, 0, 0, 1, 9, 9 }, RfbFault.BadData)] // no zlib data
    public void What_is_wrong_is_a_typed_error(byte[] message, RfbFault fault)
    {
        Assert.False(CutTextReader.TryRead(message, RfbLimits.Default, out _, out var error));
        Assert.Equal(fault, error.Fault);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_takes_memory()
    {
        var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Wire.U32(1 << 30));
            deflate.Write(new byte[8 << 20]);
        }
        byte[] bomb = [6, 0, 0, 0, .. Wire.U32((uint)-(4 + compressed.Length)), 0x10, 0, 0, 1, .. compressed.ToArray()];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(CutTextReader.TryRead(bomb, RfbLimits.Default, out _, out var error));
        Assert.Equal(RfbFault.TooLong, error.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }
}
