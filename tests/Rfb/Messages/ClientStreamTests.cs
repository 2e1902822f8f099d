using StreamSpace.Rfb.Messages;

namespace StreamSpace.Rfb.Tests.Messages;

public sealed class ClientStreamTests
{
    [Theory]
    [InlineData(ViewerRights.View, new byte[] { 0, 2, 3, 150, 248, 3 })]
    [InlineData(ViewerRights.Collaborate, new byte[] { 0, 2, 3, 150, 4, 4, 5, 248, 255, 3 })]
    [InlineData(ViewerRights.Control, new byte[] { 0, 2, 3, 150, 4, 4, 5, 6, 6, 248, 250, 251, 255, 3 })]
    public void Each_level_lets_exactly_its_messages_pass(ViewerRights rights, byte[] expected)
    {
        var stream = new ClientStream { Rights = rights };
        var passed = Feed(stream, Wire.AllOfAViewer().SelectMany(m => m).ToArray(), piece: int.MaxValue);
        Assert.Equal(expected, Types(passed));
    }

    [Fact]
    public void Pieces_of_any_size_give_the_same_result()
    {
        var input = Wire.AllOfAViewer().Concat(Wire.AllOfAViewer()).SelectMany(m => m).ToArray();
        foreach (var rights in new[] { ViewerRights.View, ViewerRights.Collaborate, ViewerRights.Control })
        {
            var whole = Feed(new() { Rights = rights }, input, int.MaxValue);
            for (var piece = 1; piece < 60; piece++)
                Assert.Equal(whole, Feed(new() { Rights = rights }, input, piece));
        }
    }

    [Fact]
    public void What_the_walker_cannot_follow_is_never_asked_for()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control };
        var passed = Feed(stream, Wire.Encodings(50, 7, 21, -259, 16, -314, 15, -1000, 0), int.MaxValue);
        Assert.Equal(Wire.Encodings(50, 7, 21, 16, -314, 0), passed);
        Assert.Equal([50, 7, 21, -259, 16, -314, 15, -1000, 0], stream.Encodings.ToArray());
    }

    [Fact]
    public void Levels_are_replaced_where_the_viewer_named_them_and_nowhere_else()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control, Quality = 3, Compression = 5 };
        Assert.Equal(Wire.Encodings(7, -29, 0, -251, -224), Feed(stream, Wire.Encodings(7, -26, 0, -254, -224), int.MaxValue));
        Assert.Equal((6, 2), (stream.OfferedQuality, stream.OfferedCompression));
        var target = new byte[64];
        Assert.Equal(Wire.Encodings(7, -29, 0, -251, -224), target[..stream.WriteEncodings(target)]);

        Assert.Equal(Wire.Encodings(7, 0), Feed(stream, Wire.Encodings(7, 0), int.MaxValue));
        Assert.Equal((null, null), (stream.OfferedQuality, stream.OfferedCompression));
        Feed(stream, Wire.Encodings(7, -26, -487), int.MaxValue);
        Assert.Null(stream.OfferedQuality); // it asks in finer steps, and those count
    }

    [Fact]
    public void Nothing_may_be_put_into_the_middle_of_a_paste_that_passes()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control };
        var paste = Wire.CutText("hello");
        Assert.True(stream.AtBoundary);
        stream.Process(paste.AsSpan(0, 10).ToArray(), connected: true);
        Assert.False(stream.AtBoundary);
        stream.Process(paste.AsSpan(10).ToArray(), connected: true);
        Assert.True(stream.AtBoundary);
        Assert.Equal(1, stream.Messages);
    }

    [Fact]
    public void Without_the_right_to_paste_the_extended_clipboard_is_not_agreed_on()
    {
        var stream = new ClientStream { Rights = ViewerRights.Collaborate };
        Assert.Equal(Wire.Encodings(0), Feed(stream, Wire.Encodings(RfbEncoding.ExtendedClipboard, RfbEncoding.Xvp, 0), int.MaxValue));
    }

    [Fact]
    public void A_huge_forbidden_paste_is_dropped_without_being_kept()
    {
        var stream = new ClientStream(new() { CutText = 1 << 30 }) { Rights = ViewerRights.Collaborate };
        var head = new byte[] { 6, 0, 0, 0, 0x20, 0, 0, 0 };
        Assert.Equal(new StreamStep(0, 0), stream.Process(head, connected: true));
        var chunk = new byte[64 * 1024];
        for (var i = 0; i < (0x20000000 / chunk.Length); i++)
            Assert.Equal(new StreamStep(0, 0), stream.Process(chunk, connected: true));
        Assert.Equal(Wire.Key('z'), Feed(stream, Wire.Key('z'), int.MaxValue));
    }

    [Fact]
    public void While_nothing_is_connected_the_viewers_wishes_are_remembered_and_nothing_passes()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control };
        var input = Wire.AllOfAViewer().SelectMany(m => m).ToArray();
        var step = stream.Process(input, connected: false);
        Assert.Equal(new StreamStep(0, 0), step);
        Assert.Equal(PixelFormat.Bgrx, stream.Format);
        Assert.Equal(Wire.Continuous(true), stream.ContinuousUpdates.ToArray());
        Assert.Equal(Wire.DesktopSize(800, 600), stream.DesktopSize.ToArray());
        var replay = new byte[2000];
        var length = stream.WriteEncodings(replay);
        Assert.Equal(2, replay[0]);
        Assert.Equal(4 + (4 * 24), length);
    }

    [Fact]
    public void A_message_cut_off_by_the_servers_end_is_not_continued_into_the_next_server()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control };
        var paste = Wire.CutText("0123456789");
        Assert.Equal(12, stream.Process(paste.AsSpan(0, 12).ToArray(), connected: true).Relay);
        stream.Interrupt();
        var rest = paste.AsSpan(12).ToArray().Concat(Wire.Key('a')).ToArray();
        Assert.Equal(Wire.Key('a'), Feed(stream, rest, int.MaxValue));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_clipboard_that_comes_in_is_counted_and_talk_about_clipboards_is_not(int piece)
    {
        var stream = new ClientStream { Rights = ViewerRights.Control };
        byte[][] sent = [Wire.CutText("hello"), Wire.ExtendedCutText(0x08, 0, 0, 1), Wire.ExtendedCutText(0x01, 0, 0, 1, 0, 0, 0, 9), Wire.ExtendedCutText(0x10, 0, 0, 1, 7, 7, 7)];
        Assert.Equal(sent.SelectMany(b => b), Feed(stream, sent.SelectMany(b => b).ToArray(), piece));
        Assert.Equal((2, 5 + 7), (stream.Pastes, stream.PasteBytes));
        stream.Rights = ViewerRights.Collaborate;
        Assert.Empty(Feed(stream, Wire.CutText("hidden"), piece));
        Assert.Equal(2, stream.Pastes);
    }

    [Fact]
    public void While_the_server_is_paused_input_does_not_pile_up()
    {
        var stream = new ClientStream { Rights = ViewerRights.Control, Paused = true };
        var moves = Enumerable.Range(0, 5000).SelectMany(i => Wire.Pointer((ushort)i, 1, 0)).ToArray();
        Assert.Empty(Feed(stream, moves, 100));
        var keys = Enumerable.Range(0, 5000).SelectMany(_ => Wire.Key('a')).ToArray();
        Assert.Equal(ClientStream.PausedInputBudget, Feed(stream, keys, 100).Length);
        stream.Paused = false;
        Assert.Equal(8, Feed(stream, Wire.Key('a'), 100).Length);
        Assert.Equal(5001, stream.Presses);
    }

    [Fact]
    public void Only_what_may_pass_counts_as_a_press()
    {
        var looking = new ClientStream { Rights = ViewerRights.View };
        Feed(looking, [.. Wire.Key('a'), .. Wire.Pointer(1, 1, 1)], int.MaxValue);
        Assert.Equal((0L, 2L), (looking.Presses, looking.Dropped));
        var driving = new ClientStream { Rights = ViewerRights.Collaborate };
        Feed(driving, [.. Wire.Key('a'), .. Wire.Key('a', down: false), .. Wire.Pointer(1, 1, 1), .. Wire.Pointer(2, 2, 1), .. Wire.Pointer(2, 2, 0)], int.MaxValue);
        Assert.Equal((2L, 5L), (driving.Presses, driving.Inputs));
    }

    private static byte[] Feed(ClientStream stream, byte[] input, int piece)
    {
        var output = new List<byte>();
        byte[] kept = [];
        for (var at = 0; at < input.Length; at += Math.Min(piece, input.Length - at))
        {
            byte[] data = [.. kept, .. input.AsSpan(at, Math.Min(piece, input.Length - at))];
            var step = stream.Process(data, connected: true);
            output.AddRange(data.AsSpan(0, step.Relay));
            kept = data.AsSpan(step.Relay, step.Keep).ToArray();
        }
        return [.. output];
    }

    private static byte[] Types(byte[] stream)
    {
        var reader = new ClientMessageReader();
        var types = new List<byte>();
        var at = 0;
        while (reader.TryRead(stream.AsSpan(at), out var message) == ReadStatus.Message)
        {
            reader.Take(message);
            types.Add(message.Type);
            at += (int)message.Length;
        }
        Assert.Equal(stream.Length, at);
        return [.. types];
    }
}
