using System.Buffers;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Tests.Ends;
using StreamSpace.Rfb.Tests.Messages;

namespace StreamSpace.Rfb.Tests.Fuzzing;

/// <summary>Structured and mutated bytes, in pieces of any size, against everything that reads: no exception, no hang, no memory beyond the limits.</summary>
[Trait("Category", "Slow")]
public sealed class HostileBytesTests
{
    private static readonly RfbLimits Tight = new() { Area = 64 * 1024, CutText = 64 * 1024, Compressed = 512 * 1024, CursorSide = 64, Side = 4096 };

    [Fact]
    public void The_viewers_parser()
    {
        var messages = Wire.AllOfAViewer();
        Fuzz.Run(0.25, 1_000_000, random =>
        {
            var data = Fuzz.Mutate(random, [.. random.GetItems(messages, random.Next(1, 6)).SelectMany(m => m)]);
            var stream = new ClientStream(Tight) { Rights = (ViewerRights)random.Next(16), ExtendedPointer = random.Next(2) == 0, Paused = random.Next(4) == 0 };
            byte[] kept = [];
            Fuzz.InPieces(random, data, piece =>
            {
                byte[] input = [.. kept, .. piece];
                var step = stream.Process(input, connected: random.Next(8) > 0);
                Assert.True(step.Relay + step.Keep <= input.Length);
                Assert.InRange(step.Keep, 0, 4 + (4 * Tight.Encodings));
                kept = input.AsSpan(step.Relay, step.Keep).ToArray();
            });
        });
    }

    [Fact]
    public void The_servers_parser()
    {
        var messages = ServerStreamTests.AllOfAServer().Where(m => m.Length < 3000).ToArray();
        Fuzz.Run(0.25, 4_000_000, random =>
        {
            var data = random.Next(3) == 0 ? ServerBytes.Some(random) : Fuzz.Mutate(random, [.. random.GetItems(messages, random.Next(1, 4)).SelectMany(m => m)]);
            var stream = new ServerStream(Tight);
            stream.Start(new(128, 96, PixelFormat.Bgrx, "x"));
            if (random.Next(3) == 0)
                stream.Resume(128, 96, PixelFormat.Bgrx, random.Next(2) == 0);
            stream.Echo = (ulong)random.Next(2);
            byte[] kept = [];
            Fuzz.InPieces(random, data, piece =>
            {
                byte[] input = [.. kept, .. piece];
                var step = stream.Process(input);
                Assert.True(step.Relay + step.Keep <= input.Length);
                Assert.InRange(step.Keep, 0, 17);
                kept = input.AsSpan(step.Relay, step.Keep).ToArray();
            });
        });
    }

    /// <summary>And whatever the decoder understands to its end the parser followed to its end.</summary>
    [Fact]
    public void The_decoder()
    {
        var (errors, clean) = (0, 0);
        Fuzz.Run(0.3, 8_000_000, random =>
        {
            var data = random.Next(2) == 0 ? ServerBytes.Some(random) : Slice(random, Fuzz.Mutate(random, Corpus.All[random.Next(Corpus.All.Length)].Bytes));
            using var decoder = new PictureDecoder(128, 96, PixelFormat.Bgrx, Tight);
            var parser = new ServerStream(Tight);
            parser.Start(new(128, 96, PixelFormat.Bgrx, "x"));
            Fuzz.InPieces(random, data, piece =>
            {
                for (var at = 0; at < piece.Length && decoder.Error.Fault == RfbFault.None;)
                {
                    var step = decoder.Feed(piece.AsSpan(at));
                    Assert.True(step.Taken > 0 || step.Complete || decoder.Error.Fault != RfbFault.None);
                    at += step.Taken;
                }
            });
            _ = decoder.Error.Fault == RfbFault.None ? clean++ : errors++;
            if (!decoder.AtBoundary)
                return;
            parser.Process(data);
            Assert.True(parser.AtBoundary, $"the parser: {parser.Lost}");
        });
        Assert.True(errors > 0 && clean > 0);
    }

    [Fact]
    public void The_cut_text_reader()
    {
        byte[][] seeds =
        [
            CutTextWriter.Classic(6, "hello"), CutTextWriter.Provide(6, new string('ä', 300)), CutTextWriter.Caps(6, ClipboardFormats.All, 4096), CutTextWriter.Notify(6, ClipboardFormats.Text),
            CutTextWriter.Provide(3, [new(ClipboardFormats.Text, 0, "x\0"u8.ToArray()), new(ClipboardFormats.Html, 0, new byte[5000])]),
        ];
        Fuzz.Run(0.1, 1_000_000, random =>
        {
            if (CutTextReader.TryRead(Fuzz.Mutate(random, seeds[random.Next(seeds.Length)]), Tight, out var text, out var error))
                _ = text.Text;
            else
                Assert.NotEqual(RfbFault.None, error.Fault);
        });
    }

    [Fact]
    public void The_handshakes()
    {
        var init = new ServerInit(128, 96, PixelFormat.Bgrx, "desk").ToBytes();
        byte[][] servers =
        [
            [.. "RFB 003.008\n"u8, 1, 1, 0, 0, 0, 0, .. init], [.. "RFB 003.003\n"u8, 0, 0, 0, 2, .. new byte[16], 0, 0, 0, 0, .. init], [.. "RFB 003.007\n"u8, 2, 2, 16, .. new byte[16], 0, 0, 0, 0, .. init],
            [.. "RFB 003.008\n"u8, 0, 0, 0, 0, 4, .. "nope"u8], [.. "RFB 003.008\n"u8, 1, 2, .. new byte[16], 0, 0, 0, 1, 0, 0, 0, 2, .. "no"u8],
        ];
        byte[][] viewers = [[.. "RFB 003.008\n"u8, 1, 1], [.. "RFB 003.003\n"u8, 1], [.. "RFB 003.007\n"u8, 1, 0]];
        Fuzz.Run(0.1, 200_000, random =>
        {
            var handshake = new ViewerHandshake();
            var output = new ArrayBufferWriter<byte>();
            byte[] kept = [];
            Fuzz.InPieces(random, Fuzz.Mutate(random, viewers[random.Next(viewers.Length)]), piece =>
            {
                byte[] input = [.. kept, .. piece];
                kept = input[handshake.Feed(input, output)..];
            });
            Assert.InRange(output.WrittenCount, 0, 64);
            using var server = new Pair.Recorded(Fuzz.Mutate(random, servers[random.Next(servers.Length)]));
            try
            {
                var run = ServerHandshake.RunAsync(server, random.Next(4) == 0 ? null : "secret", Tight, CancellationToken.None);
                Assert.True(run.IsCompleted);
                run.GetAwaiter().GetResult();
            }
            catch (RfbException e)
            {
                Assert.NotEqual(RfbFault.None, e.Error.Fault);
            }
        });
    }

    /// <summary>Mostly the start of a stream, where its messages begin, so that a case stays short.</summary>
    private static byte[] Slice(Random random, byte[] data) => random.Next(4) == 0 ? data : data[..Math.Min(data.Length, random.Next(20, 4000))];
}
