using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Rfb.Tests.Ends;

public sealed class ClientAndServerTests
{
    [Fact]
    public async Task What_is_drawn_in_the_server_is_seen_in_the_client()
    {
        var server = new RfbServer(64, 48);
        await using var connection = Pair.Serve(server);
        await using var client = await RfbClient.ConnectAsync(connection.Viewer, null, Pair.Soon());
        Assert.False(client.Picture.HasContent);
        var seen = client.WaitForAsync(p => p[10, 20] == 0x123456, Pair.Soon());
        server.Draw(p => p.Fill(10, 20, 5, 5, 0x123456));
        await seen;
        Assert.True(client.Picture.HasContent);
        Assert.Equal(0, client.Picture[9, 20]);
    }

    [Fact]
    public async Task Keys_and_pointer_arrive_at_the_server()
    {
        var server = new RfbServer(64, 48);
        var heard = new List<(byte, uint, int)>();
        var both = new TaskCompletionSource();
        server.Received = (message, _) =>
        {
            if (message.Type is ClientMessageType.KeyEvent or ClientMessageType.PointerEvent)
                heard.Add((message.Type, message.KeySym, message.Buttons));
            if (heard.Count == 2)
                both.TrySetResult();
        };
        await using var connection = Pair.Serve(server);
        await using var client = await RfbClient.ConnectAsync(connection.Viewer, null, Pair.Soon());
        await client.KeyAsync('q', true, Pair.Soon());
        await client.PointerAsync(3, 4, 2, Pair.Soon());
        await both.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([(4, 'q', 0), (5, 0, 2)], heard);
    }

    [Fact]
    public async Task A_rectangle_outside_the_picture_is_refused()
    {
        var server = new RfbServer(64, 48);
        await using var connection = Pair.Serve(server);
        await using var client = await RfbClient.ConnectAsync(connection.Viewer, null, Pair.Soon());
        while (server.Connections == 0)
            await Task.Delay(5);
        server.Send([0, 0, 0, 1, 0, 60, 0, 0, 0, 10, 0, 10, 0, 0, 0, 0]);
        var e = await Assert.ThrowsAsync<RfbException>(() => client.ReadAsync(Pair.Soon()));
        Assert.Equal(RfbFault.BadValue, e.Error.Fault);
    }

    [Fact]
    public void A_picture_moves_parts_that_overlap()
    {
        var picture = new Picture(4, 4);
        for (var y = 0; y < 4; y++)
            picture.Fill(0, y, 4, 1, y + 1);
        picture.Copy(0, 0, 0, 1, 4, 3);
        Assert.Equal([1, 1, 2, 3], Enumerable.Range(0, 4).Select(y => picture[0, y]));
        picture.Copy(0, 1, 0, 0, 4, 3);
        Assert.Equal([1, 2, 3, 3], Enumerable.Range(0, 4).Select(y => picture[0, y]));
    }
}
