using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Rfb.Tests.Messages;

public sealed class CutTextGateTests
{
    private static readonly byte[] Bell = [ServerMessageType.Bell];
    private static readonly byte[] Raw = Wire.Update(Wire.Rectangle(RfbEncoding.Raw, 3, 3, new byte[36]));

    [Fact]
    public void A_blocked_paste_is_cut_out_and_all_else_stays_exact_in_pieces_of_any_size()
    {
        byte[] input = [.. Wire.Key('a'), .. Paste("secret"), .. Wire.Key('b'), .. Paste("open"), .. Paste(""), .. Wire.Key('c'), .. Paste("secret")];
        byte[] expected = [.. Wire.Key('a'), .. Wire.Key('b'), .. Paste("open"), .. Paste(""), .. Wire.Key('c')];
        for (var piece = 1; piece <= input.Length; piece++)
        {
            var stream = new ClientStream { Rights = ViewerRights.Control, CutTexts = Gate(m => Text(m) != "secret") };
            Assert.Equal(expected, Feed(stream, input, piece));
            Assert.Equal(2, stream.Dropped);
        }
    }

    [Fact]
    public void A_blocked_copy_is_cut_out_and_all_else_stays_exact_in_pieces_of_any_size()
    {
        byte[] input = [.. Bell, .. Copy("secret"), .. Raw, .. Copy("open"), .. Bell, .. Copy("secret"), .. Raw, .. Copy("secret")];
        byte[] expected = [.. Bell, .. Raw, .. Copy("open"), .. Bell, .. Raw];
        for (var piece = 1; piece <= input.Length; piece++)
        {
            var stream = new ServerStream { CutTexts = Gate(m => Text(m) != "secret") };
            stream.Start(new(64, 64, PixelFormat.Bgrx, "x"));
            Assert.Equal(expected, Feed(stream, input, piece));
            Assert.True(stream.AtBoundary);
        }
    }

    [Fact]
    public void Something_else_can_be_sent_in_its_place_at_the_same_point_of_the_stream()
    {
        var instead = CutTextWriter.Provide(ClientMessageType.ClientCutText, "");
        byte[] input = [.. Wire.Key('a'), .. CutTextWriter.Provide(ClientMessageType.ClientCutText, "secret"), .. Wire.Key('b')];
        for (var piece = 1; piece <= input.Length; piece++)
        {
            var stream = new ClientStream { Rights = ViewerRights.Control, CutTexts = new(4096, _ => new(false, instead), _ => { }) };
            Assert.Equal([.. Wire.Key('a'), .. instead, .. Wire.Key('b')], Feed(stream, input, piece));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_over_the_bound_is_cut_out_told_and_never_kept(bool fromServer)
    {
        long told = 0;
        var gate = new CutTextGate(100, _ => throw new InvalidOperationException("not to be judged"), length => told = length);
        var content = new string('x', 5000);
        var output = fromServer
            ? Feed(new ServerStream { CutTexts = gate }, [.. Bell, .. Copy(content), .. Bell], 7)
            : Feed(new ClientStream { Rights = ViewerRights.Control, CutTexts = gate }, [.. Wire.Key('a'), .. Paste(content), .. Wire.Key('a')], 7);
        Assert.Equal(fromServer ? [.. Bell, .. Bell] : [.. Wire.Key('a'), .. Wire.Key('a')], output);
        Assert.Equal(5008, told);
    }

    [Fact]
    public void A_server_that_announces_two_gigabytes_costs_nothing()
    {
        var stream = new ServerStream { CutTexts = new(4096, _ => CutTextVerdict.Passes, _ => { }) };
        Assert.Equal(new StreamStep(0, 0), stream.Process(new byte[] { 3, 0, 0, 0, 0x80, 0, 0, 0 }));
        var chunk = new byte[256 * 1024];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var relayed = 0;
        for (var i = 0; i < 100; i++)
            relayed += stream.Process(chunk).Relay;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Equal(0, relayed);
        Assert.False(stream.AtBoundary);
    }

    [Fact]
    public void A_paste_that_was_half_there_when_the_server_went_is_not_sent_to_the_next()
    {
        var judged = 0;
        var stream = new ClientStream { Rights = ViewerRights.Control, CutTexts = new(4096, _ => { judged++; return CutTextVerdict.Passes; }, _ => { }) };
        var paste = Paste("half of it");
        Assert.Equal(0, stream.Process(paste.AsSpan(0, 12).ToArray(), connected: true).Relay);
        stream.Interrupt();
        Assert.Equal(Wire.Key('k'), Feed(stream, [.. paste[12..], .. Wire.Key('k')], int.MaxValue));
        Assert.Equal(0, judged);
    }

    [Fact]
    public void Keys_that_may_not_go_down_are_cut_out_and_may_still_go_up()
    {
        var left = 2;
        var stream = new ClientStream { Rights = ViewerRights.Control, MayPress = () => left-- > 0 };
        byte[] up = [4, 0, 0, 0, 0, 0, 0, 99];
        Assert.Equal([.. Wire.Key('a'), .. Wire.Key('b'), .. up], Feed(stream, [.. Wire.Key('a'), .. Wire.Key('b'), .. Wire.Key('c'), .. up], 5));
        Assert.Equal(2, stream.Presses);
    }

    [Fact]
    public void The_pointer_outside_its_area_is_dropped_and_a_button_is_released_at_the_edge()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control, PointerArea = new(10, 10, 20, 20) };
        byte[] input = [.. Point(15, 15, 0), .. Point(15, 15, 1), .. Point(30, 15, 1), .. Point(30, 40, 0), .. Point(5, 5, 1), .. Point(5, 5, 0), .. Point(19, 10, 0)];
        Assert.Equal([.. Point(15, 15, 0), .. Point(15, 15, 1), .. Point(19, 19, 0), .. Point(19, 10, 0)], Feed(stream, input, 3));
        Assert.Equal(3, stream.Outside);
    }

    private static CutTextGate Gate(Func<ReadOnlyMemory<byte>, bool> pass) => new(4096, m => pass(m.ToArray()) ? CutTextVerdict.Passes : CutTextVerdict.CutOut, _ => { });

    private static string? Text(ReadOnlyMemory<byte> message) => CutTextReader.TryRead(message.Span, RfbLimits.Default, out var text, out _) ? text.Text : null;

    private static byte[] Paste(string text) => CutTextWriter.Classic(ClientMessageType.ClientCutText, text);

    private static byte[] Copy(string text) => CutTextWriter.Classic(ServerMessageType.ServerCutText, text);

    private static byte[] Point(byte x, byte y, byte buttons) => [5, buttons, 0, x, 0, y];

    private static byte[] Feed(ClientStream stream, byte[] input, int piece) => Feed(input, piece, data => (stream.Process(data, connected: true), stream.Released));

    private static byte[] Feed(ServerStream stream, byte[] input, int piece) => Feed(input, piece, data => (stream.Process(data), stream.Released));

    private static byte[] Feed(byte[] input, int piece, Func<byte[], (StreamStep Step, ReadOnlyMemory<byte> Released)> process)
    {
        var output = new List<byte>();
        byte[] kept = [];
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(piece, input.Length - at);
            kept = [.. kept, .. input.AsSpan(at, length)];
            at += length;
            while (true)
            {
                var (step, released) = process(kept);
                output.AddRange(kept.AsSpan(0, step.Relay));
                output.AddRange(released.Span);
                kept = kept.AsSpan(step.Relay, step.Keep).ToArray();
                if (released.IsEmpty)
                    break;
            }
        }

        Assert.Empty(kept);
        return [.. output];
    }
}
