using StreamSpace.Rfb.Messages;

namespace StreamSpace.Rfb.Tests.Messages;

public sealed class ServerStreamTests
{
    private static readonly ServerInit Init = new(640, 480, PixelFormat.Bgrx, "x");

    private static byte[] Rest(int length) => new byte[length];

    /// <summary>One of each message and rectangle that is let through.</summary>
    internal static byte[][] AllOfAServer() =>
    [
        Wire.Update(Wire.Rectangle(RfbEncoding.Raw, 10, 10, Rest(400)), Wire.Rectangle(RfbEncoding.CopyRect, 5, 5, 0, 1, 0, 2)),
        Wire.Update(Wire.Rectangle(RfbEncoding.Rre, 9, 9, [0, 0, 0, 2, .. Rest(4 + 24)]), Wire.Rectangle(RfbEncoding.CoRre, 9, 9, [0, 0, 0, 3, .. Rest(4 + 24)])),
        // Hextile 20 x 20: four tiles of 16x16, 4x16, 16x4, 4x4: raw, background only, coloured subrectangles, nothing.
        Wire.Update(Wire.Rectangle(RfbEncoding.Hextile, 20, 20, [1, .. Rest(1024), 2, .. Rest(4), 8 | 16, 2, .. Rest(12), 0])),
        Wire.Update(Wire.Rectangle(RfbEncoding.Hextile, 16, 16, [2 | 4 | 8, .. Rest(8), 3, .. Rest(6)])),
        Wire.Update(Wire.Rectangle(RfbEncoding.Zlib, 8, 8, [0, 0, 0, 5, .. Rest(5)]), Wire.Rectangle(RfbEncoding.Zrle, 8, 8, [0, 0, 1, 0, .. Rest(256)])),
        Wire.Update(
            Wire.Rectangle(RfbEncoding.Tight, 8, 8, 0x80, 1, 2, 3),
            Wire.Rectangle(RfbEncoding.Tight, 8, 8, [0x90, 0x81, 0x01, .. Rest(129)]),
            Wire.Rectangle(RfbEncoding.Tight, 8, 8, [0x00, 0x05, .. Rest(5)]),
            Wire.Rectangle(RfbEncoding.Tight, 2, 2, [0x40, 1, 1, .. Rest(6), 0, 0]),
            Wire.Rectangle(RfbEncoding.Tight, 100, 100, [0x50, 1, 7, .. Rest(24), 0x82, 0x80, 0x01, .. Rest(2 + 16384)]),
            Wire.Rectangle(RfbEncoding.Tight, 8, 8, [0x60, 2, 0x03, 9, 9, 9])),
        Wire.Update(Wire.Rectangle(RfbEncoding.TightPng, 8, 8, 0x80, 1, 2, 3), Wire.Rectangle(RfbEncoding.TightPng, 8, 8, [0xa0, 0x04, .. Rest(4)])),
        Wire.Update(
            Wire.Rectangle(RfbEncoding.Cursor, 9, 3, Rest((9 * 3 * 4) + 6)), Wire.Rectangle(RfbEncoding.XCursor, 9, 3, Rest(6 + 12)), Wire.Rectangle(RfbEncoding.XCursor, 0, 0),
            Wire.Rectangle(RfbEncoding.VMwareCursor, 2, 2, [0, 0, .. Rest(32)]), Wire.Rectangle(RfbEncoding.VMwareCursor, 2, 2, [1, 0, .. Rest(16)])),
        Wire.Update(
            Wire.Rectangle(RfbEncoding.DesktopSize, 800, 600), Wire.Rectangle(RfbEncoding.ExtendedDesktopSize, 1024, 768, [1, 0, 0, 0, .. Rest(16)]),
            Wire.Rectangle(RfbEncoding.DesktopName, 0, 0, [0, 0, 0, 3, 65, 66, 67]), Wire.Rectangle(RfbEncoding.QemuLed, 0, 0, 2),
            Wire.Rectangle(RfbEncoding.QemuExtendedKey, 0, 0), Wire.Rectangle(RfbEncoding.ExtendedMouseButtons, 0, 0)),
        Wire.Update(
            Wire.Rectangle(RfbEncoding.H264, 64, 64, [0, 0, 0, 7, 0, 0, 0, 1, .. Rest(7)]), Wire.Rectangle(RfbEncoding.AlphaCursor, 3, 2, [0, 0, 0, 0, .. Rest(24)]),
            Wire.Rectangle(RfbEncoding.QemuPointerMotion, 0, 0), Wire.Rectangle(RfbEncoding.QemuAudio, 0, 0),
            // A file: start, a segment of three bytes, a scan with a stuffed FF and a restart in it, padding, end.
            Wire.Rectangle(RfbEncoding.Jpeg, 8, 8, 0xff, 0xd8, 0xff, 0xe0, 0, 5, 1, 2, 3, 0xff, 0xda, 0, 4, 9, 9, 1, 2, 0xff, 0, 3, 0xff, 0xd3, 4, 0xff, 0xff, 0xd9)),
        [255, 1, 0, 1], [255, 1, 0, 2, 0, 0, 0, 3, 7, 7, 7], [255, 1, 0, 0],
        [0, 0, 0xff, 0xff, .. Wire.Rectangle(RfbEncoding.CopyRect, 5, 5, 0, 1, 0, 2), .. Wire.Rectangle(RfbEncoding.LastRect, 0, 0)],
        [1, 0, 0, 0, 0, 2, .. Rest(12)], [2], [3, 0, 0, 0, 0, 0, 0, 2, 65, 66], [3, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 1, 0, 0, 1],
        [150], [248, 0, 0, 0, 0x80, 0, 0, 0, 2, 7, 7], [250, 0, 1, 1], Wire.Update(),
    ];

    [Fact]
    public void What_came_as_Jpeg_is_lossy_until_as_much_of_it_came_exactly()
    {
        var stream = Started();
        byte[] jpeg = [0x90, 1, 0], fill = [0x80, 1, 2, 3];
        stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Tight, 40, 20, fill)));
        Assert.Equal(0, stream.LossyPixels);
        for (var frame = 0; frame < 3; frame++)
            stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Tight, 40, 20, jpeg)));
        Assert.Equal(800, stream.LossyPixels);
        stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Tight, 40, 5, fill), Wire.Rectangle(RfbEncoding.CopyRect, 40, 20, 0, 0, 0, 0)));
        Assert.Equal(600, stream.LossyPixels); // a copy is as good as what is copied
        stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Raw, 400, 20, Rest(400 * 20 * 4))));
        Assert.Equal(0, stream.LossyPixels);
        stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Tight, 40, 20, jpeg)));
        stream.ForgetLossy();
        Assert.Equal(0, stream.LossyPixels);
    }

    [Fact]
    public void Every_message_ends_where_it_ends()
    {
        foreach (var message in AllOfAServer())
        {
            var stream = Started();
            for (var cut = 1; cut < message.Length; cut++)
            {
                stream = Started();
                stream.Process(message.AsSpan(0, cut).ToArray());
                // Bytes that are kept back were not relayed, so the viewer may still stand between two messages.
                Assert.True(!stream.AtBoundary || stream.Process(message.AsSpan(0, cut).ToArray()).Keep > 0 || cut == message.Length, $"type {message[0]} cut at {cut}");
            }
            stream = Started();
            Assert.Equal(new StreamStep(message.Length, 0), stream.Process([.. message]));
            Assert.True(stream.AtBoundary, stream.Lost.ToString());
        }
    }

    [Fact]
    public void Pieces_of_any_size_are_relayed_unchanged_and_end_between_messages()
    {
        var input = AllOfAServer().SelectMany(m => m).ToArray();
        for (var piece = 1; piece < 50; piece++)
        {
            var stream = Started();
            Assert.Equal(input, Feed(stream, input, piece));
            Assert.True(stream.AtBoundary, stream.Lost.ToString());
            Assert.Equal((1024, 768), (stream.Width, stream.Height));
            Assert.True(stream.ExtendedPointer && stream.Fences);
        }
    }

    [Fact]
    public void Texts_of_the_clipboard_and_sound_are_taken_out_where_they_shall_be_and_nothing_else_is()
    {
        var input = AllOfAServer().SelectMany(m => m).ToArray();
        var without = AllOfAServer().Where(m => m[0] is not ServerMessageType.ServerCutText and not ServerMessageType.Qemu).SelectMany(m => m).ToArray();
        for (var piece = 1; piece < 50; piece++)
        {
            var stream = new ServerStream { WithoutCutTexts = true, WithoutSound = true };
            stream.Start(new(640, 480, PixelFormat.Bgrx, "s"));
            Assert.Equal(without, Feed(stream, input, piece));
            Assert.True(stream.AtBoundary, stream.Lost.ToString());
            Assert.Equal((2, 4), (stream.CutTextsSeen, stream.CutTextBytes));
        }
    }

    /// <summary>
    /// A viewer's inflater per stream, as noVNC's: it is never reset (its reset does not work after use), and must read the second server's data as
    /// a continuation of the first one's. Deflate and inflate are the framework's own.
    /// </summary>
    [Theory]
    [InlineData(RfbEncoding.Zrle)]
    [InlineData(RfbEncoding.Zlib)]
    [InlineData(RfbEncoding.Tight)]
    public void A_second_servers_compressed_data_goes_on_in_the_viewers_inflater(int encoding)
    {
        for (var piece = 1; piece < 40; piece++)
        {
            var stream = Started();
            var (first, second) = (new Deflater(seed: 1), new Deflater(seed: 2));
            byte[] one = [.. Compressed(encoding, first), .. Compressed(encoding, first)];
            var relayed = Feed(stream, one, piece);
            Assert.Equal(one, relayed);
            stream.Resume(640, 480, PixelFormat.Bgrx, continuous: false);
            relayed = [.. relayed, .. Feed(stream, [.. Compressed(encoding, second), .. Compressed(encoding, second)], piece)];
            Assert.True(stream.AtBoundary, stream.Lost.ToString());
            Assert.Equal([.. first.Plain, .. second.Plain], Inflated(encoding, relayed));
        }
    }

    [Fact]
    public void A_stream_that_the_viewer_has_not_begun_keeps_its_header()
    {
        var stream = Started();
        stream.Resume(640, 480, PixelFormat.Bgrx, continuous: false);
        var update = Compressed(RfbEncoding.Zrle, new(1));
        Assert.Equal(update, Feed(stream, update, 5));
    }

    [Fact]
    public void Data_that_cannot_be_joined_is_noticed_before_it_is_relayed()
    {
        var stream = Started();
        Feed(stream, Compressed(RfbEncoding.Zrle, new(1)), 1000);
        stream.Resume(640, 480, PixelFormat.Bgrx, continuous: false);
        stream.Process(Wire.Update(Wire.Rectangle(RfbEncoding.Zrle, 8, 8, 0, 0, 0, 4, 1, 2, 3, 4)));
        Assert.True(stream.Notice.HasFlag(ServerNotice.CannotJoin));
    }

    private static byte[] Compressed(int encoding, Deflater deflater)
    {
        var data = deflater.Next();
        byte[] length = [(byte)(0x80 | (data.Length & 0x7f)), (byte)(0x80 | ((data.Length >> 7) & 0x7f)), (byte)(data.Length >> 14)];
        return Wire.Update(encoding == RfbEncoding.Tight
            ? Wire.Rectangle(encoding, 64, 64, [0x20, .. length, .. data])
            : Wire.Rectangle(encoding, 64, 64, [.. Wire.U32((uint)data.Length), .. data]));
    }

    private static byte[] Inflated(int encoding, byte[] relayed)
    {
        var compressed = new MemoryStream();
        for (var at = 0; at < relayed.Length;)
        {
            at += 16;
            int length;
            if (encoding == RfbEncoding.Tight)
            {
                length = (relayed[at + 1] & 0x7f) | ((relayed[at + 2] & 0x7f) << 7) | (relayed[at + 3] << 14);
                at += 4;
            }
            else
            {
                length = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(relayed.AsSpan(at));
                at += 4;
            }
            compressed.Write(relayed, at, length);
            at += length;
        }
        compressed.Position = 0;
        using var inflater = new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionMode.Decompress);
        var plain = new byte[4 * 3000];
        inflater.ReadExactly(plain);
        return plain;
    }

    private sealed class Deflater(int seed)
    {
        private readonly MemoryStream _target = new();
        private readonly Random _random = new(seed);
        private System.IO.Compression.ZLibStream? _deflate;

        public List<byte> Plain { get; } = [];

        public byte[] Next()
        {
            _deflate ??= new(_target, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true);
            var text = new byte[3000];
            for (var i = 0; i < text.Length; i++)
                text[i] = (byte)(i % 97 == 0 ? _random.Next(256) : i % 13);
            Plain.AddRange(text);
            _target.SetLength(0);
            _deflate.Write(text);
            _deflate.Flush(); // a sync flush, as RFB servers end a rectangle
            return _target.ToArray();
        }
    }

    [Fact]
    public void After_a_resumption_the_second_announcement_of_continuous_updates_is_taken_out()
    {
        var stream = Started();
        stream.Resume(640, 480, PixelFormat.Bgrx, continuous: true);
        byte[] data = [2, 150, 2];
        Assert.Equal(new StreamStep(2, 0), stream.Process(data));
        Assert.Equal([2, 2], data[..2]);
        Assert.True(stream.Notice.HasFlag(ServerNotice.ContinuousUpdatesReady));
        Assert.Equal([150], Feed(stream, [150], 1)); // a third one is the server's will
    }

    [Fact]
    public void A_server_without_continuous_updates_is_noticed_before_its_first_picture()
    {
        var stream = Started();
        stream.Resume(640, 480, PixelFormat.Bgrx, continuous: true);
        stream.Process(Wire.Update());
        Assert.True(stream.Notice.HasFlag(ServerNotice.ContinuousUpdatesMissing));
    }

    [Fact]
    public void The_echo_of_our_own_fence_never_reaches_the_viewer()
    {
        byte[] echo = [248, 0, 0, 0, 0, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] input = [2, .. echo, 2, .. echo];
        for (var piece = 1; piece <= input.Length; piece++)
        {
            var stream = Started();
            stream.Echo = 0x0102030405060708;
            Assert.Equal([2, 2, .. echo], Feed(stream, input, piece)); // the second is not ours any more
            Assert.Equal(0ul, stream.Echo);
        }
    }

    [Fact]
    public void What_cannot_be_followed_is_relayed_and_told()
    {
        var stream = Started();
        var input = Wire.Update(Wire.Rectangle(-1000, 8, 8, Rest(100)));
        Assert.Equal(input, Feed(stream, input, 7));
        Assert.Equal(RfbFault.UnknownEncoding, stream.Lost.Fault);
        Assert.False(stream.AtBoundary);
    }

    [Fact]
    public void A_change_of_pixel_size_under_way_makes_the_place_unknown()
    {
        var stream = Started();
        stream.Process(Wire.Update());
        stream.ChangeFormat(PixelFormat.Bgrx with { BitsPerPixel = 8, Depth = 8 });
        Assert.Equal(RfbFault.BadValue, stream.Lost.Fault);
    }

    [Fact]
    public void Absurd_sizes_are_an_error_and_not_a_wait()
    {
        var stream = Started();
        stream.Process([.. Wire.Update(Wire.Rectangle(RfbEncoding.Cursor, 60000, 60000))]);
        Assert.Equal(RfbFault.TooLong, stream.Lost.Fault);
        stream = Started();
        stream.Process([.. Wire.Update(Wire.Rectangle(RfbEncoding.DesktopName, 0, 0, 0x7f, 0, 0, 0))]);
        Assert.Equal(RfbFault.TooLong, stream.Lost.Fault);
    }

    [Fact]
    public void Following_allocates_nothing()
    {
        var stream = Started();
        var input = AllOfAServer().SelectMany(m => m).ToArray();
        long Round()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                stream.Process(input);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Round();
        Assert.Equal(0, Round());
    }

    internal static ServerStream Started()
    {
        var stream = new ServerStream();
        stream.Start(Init);
        return stream;
    }

    internal static byte[] Feed(ServerStream stream, byte[] input, int piece)
    {
        var output = new List<byte>();
        byte[] kept = [];
        for (var at = 0; at < input.Length; at += piece)
        {
            byte[] data = [.. kept, .. input.AsSpan(at, Math.Min(piece, input.Length - at))];
            var step = stream.Process(data);
            output.AddRange(data.AsSpan(0, step.Relay));
            kept = data.AsSpan(step.Relay, step.Keep).ToArray();
        }
        return [.. output];
    }
}
