using System.Collections.Concurrent;
using System.Net.WebSockets;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class ProxyTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ClientMessage> _heard = new();
    private StreamHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await StreamHost.StartAsync();
        _host.Runtime.Display!.Received = (message, _) => _heard.Enqueue(message);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_picture_comes_through_and_keys_and_pointer_go_through()
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        Assert.Equal((320, 200), (viewer.Rfb.Server.Width, viewer.Rfb.Server.Height));
        _host.Runtime.Display!.Draw(p => p.Fill(5, 5, 20, 20, 0xabcdef));
        await viewer.Rfb.WaitForAsync(p => p[10, 10] == 0xabcdef, StreamHost.Soon);
        await viewer.Rfb.KeyAsync('a', true, StreamHost.Soon);
        await viewer.Rfb.PointerAsync(7, 8, 1, StreamHost.Soon);
        await viewer.Rfb.CutTextAsync("paste", StreamHost.Soon);
        await Eventually(() => Has(ClientMessageType.KeyEvent) && Has(ClientMessageType.PointerEvent) && Has(ClientMessageType.ClientCutText));
        await Eventually(() => _host.House.Inputs.Contains(owner.User));
    }

    [Theory]
    [InlineData("view", false, false)]
    [InlineData("collaborate", true, false)]
    [InlineData("control", true, true)]
    public async Task A_viewer_that_sends_more_than_its_level_allows_moves_nothing(string level, bool types, bool pastes)
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner), level);
        await viewer.Rfb.KeyAsync('a', true, StreamHost.Soon);
        await viewer.Rfb.PointerAsync(7, 8, 1, StreamHost.Soon);
        await viewer.Rfb.CutTextAsync(new string('x', 60_000), StreamHost.Soon);
        await viewer.Rfb.SendAsync(new byte[] { 250, 0, 1, 2 }, StreamHost.Soon);
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon); // what was sent before has arrived by now
        Assert.Equal((types, types, pastes, pastes), (Has(ClientMessageType.KeyEvent), Has(ClientMessageType.PointerEvent), Has(ClientMessageType.ClientCutText), Has(ClientMessageType.Xvp)));
    }

    [Fact]
    public async Task Big_pictures_come_through_unharmed()
    {
        var owner = _host.House.Person("ada");
        _host.Runtime.Display = new RfbServer(1600, 1200);
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        for (var round = 0; round < 5; round++)
        {
            var colour = 1000 + round;
            _host.Runtime.Display.Draw(p =>
            {
                for (var y = 0; y < p.Height; y++)
                    p.Fill(0, y, p.Width, 1, colour + (y * 7));
            });
            await viewer.Rfb.WaitForAsync(p => p[0, 0] == colour, StreamHost.Soon);
            for (var y = 0; y < 1200; y++)
                Assert.Equal(colour + (y * 7), viewer.Rfb.Picture[1599, y]);
        }
    }

    public static TheoryData<byte[]> Hostile => new()
    {
        new byte[] { 7 },
        new byte[] { 6, 0, 0, 0, 0x40, 0, 0, 0 },
        new byte[] { 6, 0, 0, 0, 0x80, 0, 0, 0 },
        new byte[] { 2, 0, 0xff, 0xff },
        new byte[] { 248, 0, 0, 0, 0, 0, 0, 0, 200 },
        new byte[] { 251, 0, 0, 0, 0, 0, 1, 0 },
        new byte[] { 255, 9 },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_viewer_that_breaks_the_protocol_is_closed_with_the_reason_and_disturbs_nobody(byte[] bytes)
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var good = await _host.ViewAsync(owner, session);
        await using var bad = await _host.ViewAsync(owner, session);
        await bad.Rfb.SendAsync(bytes, StreamHost.Soon);
        var (code, sentence) = await bad.ClosedAsync();
        Assert.Equal(1002, code);
        Assert.Contains("at byte", sentence);
        _host.Runtime.Display!.Draw(p => p.Fill(0, 0, 9, 9, 0x0f0f0f));
        await good.Rfb.WaitForAsync(p => p[1, 1] == 0x0f0f0f, StreamHost.Soon);
    }

    [Fact]
    public async Task Half_a_message_waits_and_harms_nobody()
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        byte[] key = [4, 1, 0, 0, 0, 0, 0, 0x71];
        foreach (var part in key)
            await viewer.Rfb.SendAsync(new[] { part }, StreamHost.Soon);
        await Eventually(() => _heard.Any(m => m.KeySym == 'q'));
    }

    [Fact]
    public async Task Text_frames_are_refused()
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        await viewer.Socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, StreamHost.Soon);
        Assert.Equal(1002, (await viewer.ClosedAsync()).Code);
    }

    [Fact]
    public async Task One_viewers_slow_network_does_not_slow_another()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        _host.Runtime.Display = new RfbServer(1600, 1200);
        await using var slow = await _host.ViewAsync(owner, session);
        await using var quick = await _host.ViewAsync(owner, session);
        for (var i = 0; i < 30; i++)
            await slow.Rfb.RequestAsync(incremental: false, StreamHost.Soon); // 230 MB that it never reads
        for (var round = 1; round <= 3; round++)
        {
            var colour = round;
            _host.Runtime.Display.Draw(p => p.Fill(0, 0, 9, 9, colour));
            await quick.Rfb.WaitForAsync(p => p[1, 1] == colour, StreamHost.Soon);
        }
    }

    [Fact]
    public async Task The_displays_password_is_answered_by_the_proxy_and_unknown_to_the_viewer()
    {
        _host.Runtime.Display = new RfbServer(64, 64, new(Password: "letmein"));
        _host.House.Password = "letmein";
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
    }

    [Fact]
    public async Task A_viewer_that_says_goodbye_is_gone_from_the_list()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var viewer = await _host.ViewAsync(owner, session);
        Assert.Equal(1, (await Counts(session)).GetValueOrDefault(session.Id));
        await viewer.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", StreamHost.Soon);
        await Eventually(async () => (await Counts(session)).Count == 0);
        await Eventually(() => _host.Runtime.Display!.Connections == 0);
    }

    [Fact]
    public async Task A_viewer_whose_connection_breaks_is_gone_from_the_list()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var viewer = await _host.ViewAsync(owner, session);
        viewer.Socket.Abort();
        await Eventually(async () => (await Counts(session)).Count == 0);
        await Eventually(() => _host.Runtime.Display!.Connections == 0);
    }

    internal static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));

    internal static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await condition())
                return;
            await Task.Delay(25);
        }
        Assert.Fail("It did not happen within 10 s.");
    }

    private Task<IReadOnlyDictionary<Contracts.SessionId, int>> Counts(SessionFacts session) =>
        _host.Get<Contracts.Streaming.IViewerCounts>().CountAsync([session.Id], StreamHost.Soon);

    private bool Has(byte type) => _heard.Any(m => m.Type == type);
}
