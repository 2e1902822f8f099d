using System.Buffers;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Rfb.Tests.Messages;

public sealed class ClientMessageReaderTests
{
    [Fact]
    public void Every_message_of_a_viewer_is_read_with_its_length()
    {
        foreach (var bytes in Wire.AllOfAViewer())
        {
            var reader = new ClientMessageReader();
            Assert.Equal(ReadStatus.Message, reader.TryRead(bytes, out var message));
            Assert.Equal(bytes[0], message.Type);
            Assert.Equal(bytes.Length, message.Length);
        }
    }

    [Fact]
    public void A_message_cut_anywhere_asks_for_more_until_its_fixed_part_is_there()
    {
        foreach (var bytes in Wire.AllOfAViewer())
        {
            new ClientMessageReader().TryRead(bytes, out var whole);
            for (var cut = 0; cut < bytes.Length; cut++)
            {
                var status = new ClientMessageReader().TryRead(bytes.AsSpan(0, cut), out _);
                Assert.Equal(cut < whole.HeaderLength ? ReadStatus.NeedMore : ReadStatus.Message, status);
            }
        }
    }

    [Fact]
    public void Segments_of_one_byte_read_the_same_as_one_piece()
    {
        foreach (var bytes in Wire.AllOfAViewer())
        {
            Assert.Equal(ReadStatus.Message, new ClientMessageReader().TryRead(OneByteSegments(bytes), out var message));
            Assert.Equal(bytes.Length, message.Length);
        }
    }

    [Fact]
    public void Values_are_read_from_their_places()
    {
        var reader = new ClientMessageReader();
        reader.TryRead(Wire.Key(0xff0d), out var key);
        Assert.Equal((0xff0du, true), (key.KeySym, key.Flag));
        reader.TryRead(Wire.Pointer(513, 1027, 5), out var pointer);
        Assert.Equal(((ushort)513, (ushort)1027, 5), (pointer.X, pointer.Y, pointer.Buttons));
        reader.TryRead(Wire.QemuKey(0x61, 30, down: false), out var qemu);
        Assert.Equal((0x61u, false), (qemu.KeySym, qemu.Flag));
        reader.TryRead(Wire.DesktopSize(1920, 1080), out var size);
        Assert.Equal(((ushort)1920, (ushort)1080, 1), (size.Width, size.Height, size.Count));
        reader.TryRead(Wire.ExtendedCutText(1, 2, 3, 4, 5), out var cut);
        Assert.Equal((true, 5), (cut.Extended, cut.Count));
    }

    [Fact]
    public void The_long_pointer_form_exists_only_after_the_server_confirmed_it()
    {
        var bytes = Wire.LongPointer(1, 2, 0x101);
        var before = new ClientMessageReader();
        before.TryRead(bytes, out var eighthButton);
        Assert.Equal((6L, 0x81), (eighthButton.Length, eighthButton.Buttons));
        var after = new ClientMessageReader { ExtendedPointer = true };
        Assert.Equal(ReadStatus.NeedMore, after.TryRead(bytes.AsSpan(0, 6), out _));
        after.TryRead(bytes, out var nineButtons);
        Assert.Equal((7L, 0x101), (nineButtons.Length, nineButtons.Buttons));
    }

    [Theory]
    [InlineData(new byte[] { 7 }, RfbFault.UnknownMessage)]
    [InlineData(new byte[] { 6, 0, 0, 0, 0x40, 0, 0, 0 }, RfbFault.TooLong)] // 1 GiB of clipboard
    [InlineData(new byte[] { 6, 0, 0, 0, 0x80, 0, 0, 0 }, RfbFault.TooLong)] // the most negative length
    [InlineData(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, RfbFault.BadValue)] // extended, but without flags
    [InlineData(new byte[] { 2, 0, 0xff, 0xff }, RfbFault.TooLong)]
    [InlineData(new byte[] { 248, 0, 0, 0, 0, 0, 0, 0, 65 }, RfbFault.TooLong)]
    [InlineData(new byte[] { 251, 0, 0, 0, 0, 0, 1, 0 }, RfbFault.BadValue)] // a picture without pixels
    [InlineData(new byte[] { 251, 0, 0, 9, 0, 9, 255, 0 }, RfbFault.TooLong)]
    [InlineData(new byte[] { 255, 2 }, RfbFault.BadValue)]
    [InlineData(new byte[] { 255, 1, 0, 3 }, RfbFault.BadValue)]
    public void A_violation_is_a_typed_error_with_its_place(byte[] bytes, RfbFault fault)
    {
        var reader = new ClientMessageReader();
        reader.TryRead(Wire.Key('x'), out var first);
        reader.Take(first);
        Assert.Equal(ReadStatus.Error, reader.TryRead(bytes, out _));
        Assert.Equal((fault, 8L), (reader.Error.Fault, reader.Error.Offset));
        Assert.Equal(ReadStatus.Error, reader.TryRead(Wire.Key('x'), out _)); // it stays over
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var reader = new ClientMessageReader();
        var messages = Wire.AllOfAViewer();
        var segmented = OneByteSegments(Wire.Key('k'));
        long Round()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                foreach (var bytes in messages)
                {
                    reader.TryRead(bytes, out var message);
                    reader.Take(message);
                }
                reader.TryRead(segmented, out _);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Round();
        Assert.Equal(0, Round());
    }

    private static ReadOnlySequence<byte> OneByteSegments(byte[] bytes)
    {
        var first = new Segment(bytes.AsMemory(0, 1), null);
        var last = first;
        for (var i = 1; i < bytes.Length; i++)
            last = new Segment(bytes.AsMemory(i, 1), last);
        return new(first, 0, last, 1);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
