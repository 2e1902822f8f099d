using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class HeldSocketTests : IAsyncLifetime
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
    public async Task A_hibernated_session_wakes_by_a_key_and_the_same_socket_goes_on_with_the_new_size()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);

        await _host.PhaseAsync(session, SessionPhase.Hibernating);
        await ProxyTests.Eventually(() => _host.Runtime.Display!.Connections == 0); // left between two messages, before it is killed
        await _host.PhaseAsync(session, SessionPhase.Hibernated);
        await viewer.Rfb.PointerAsync(3, 3, 0, StreamHost.Soon);
        await Task.Delay(150);
        Assert.Empty(_host.House.Woken); // the mouse passing by wakes nobody
        await viewer.Rfb.KeyAsync(' ', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => !_host.House.Woken.IsEmpty);
        Assert.Equal((WakeCause.Input, owner.User), _host.House.Woken.First());

        var woken = new RfbServer(400, 300) { Received = (message, _) => _heard.Enqueue(message) };
        woken.Draw(p => p.Fill(0, 0, 400, 300, 0x00aa00));
        _host.Runtime.Display = woken;
        _heard.Clear();
        await _host.PhaseAsync(session, SessionPhase.Waking);
        await _host.PhaseAsync(session, SessionPhase.Running, generation: 2);
        while (viewer.Rfb.Picture.Width != 400 || viewer.Rfb.Picture[399, 299] != 0x00aa00)
            await viewer.Rfb.ReadAsync(StreamHost.Soon); // the viewer itself asks for nothing
        Assert.Equal([0, 2, 3], _heard.Select(m => (int)m.Type)); // format, encodings, full request - and not the key that woke it
        Assert.False(_heard.Last().Flag);
        await viewer.Rfb.KeyAsync('b', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.KeySym == 'b'));
        Assert.Equal(WebSocketState.Open, viewer.Socket.State);
    }

    [Fact]
    public async Task A_frozen_session_keeps_its_connection_gets_the_key_that_thaws_it_and_no_pile_of_moves()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
        await _host.PhaseAsync(session, SessionPhase.Frozen);
        await Task.Delay(200);
        for (ushort i = 0; i < 500; i++)
            await viewer.Rfb.PointerAsync(i, 3, 0, StreamHost.Soon);
        Assert.Empty(_host.House.Woken);
        await viewer.Rfb.KeyAsync('k', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => _host.House.Woken.Any(w => w.Cause == WakeCause.Input));
        await ProxyTests.Eventually(() => _heard.Any(m => m.KeySym == 'k'));
        Assert.DoesNotContain(_heard, m => m.Type == ClientMessageType.PointerEvent);
        await _host.PhaseAsync(session, SessionPhase.Running);
        Assert.Equal(1, _host.Runtime.Opened);
        await Task.Delay(200);
        await viewer.Rfb.PointerAsync(9, 9, 0, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.Type == ClientMessageType.PointerEvent));
    }

    [Fact]
    public async Task A_viewer_that_may_only_look_wakes_nothing_by_typing()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session, "view");
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
        await _host.PhaseAsync(session, SessionPhase.Frozen);
        await Task.Delay(200);
        await viewer.Rfb.KeyAsync('k', true, StreamHost.Soon);
        await Task.Delay(200);
        Assert.Empty(_host.House.Woken);
    }

    [Fact]
    public async Task A_session_that_is_not_up_yet_gets_its_picture_when_it_is()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner, SessionPhase.Starting);
        var opening = _host.ViewAsync(owner, session);
        await Task.Delay(300);
        Assert.False(opening.IsCompleted);
        Assert.Equal(0, _host.Runtime.Opened);
        await _host.PhaseAsync(session, SessionPhase.Running);
        await using var viewer = await opening;
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
    }

    [Fact]
    public async Task A_display_that_restarts_is_found_again_without_any_change_of_phase()
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
        _host.Runtime.Display = null;
        await _host.Runtime.KillAsync();
        await Task.Delay(300);
        _host.Runtime.Display = new RfbServer(320, 200);
        _host.Runtime.Display.Draw(p => p.Fill(0, 0, 5, 5, 0x777777));
        while (viewer.Rfb.Picture[1, 1] != 0x777777)
            await viewer.Rfb.ReadAsync(StreamHost.Soon);
    }

    [Fact]
    public async Task A_display_killed_in_the_middle_of_a_message_is_told_by_4205_once_it_is_back()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
        _host.Runtime.Display!.Send([0, 0, 0, 1, 0, 0, 0, 0, 1, 0x40, 0, 200, 0, 0, 0, 0, 1, 2, 3]); // a Raw rectangle that never ends
        await Task.Delay(200);
        _host.Runtime.Display = null;
        await _host.Runtime.KillAsync();
        var closed = viewer.ClosedAsync();
        await Task.Delay(300);
        Assert.False(closed.IsCompleted); // held as long as there is nothing to go on with
        _host.Runtime.Display = new RfbServer(320, 200);
        Assert.Equal(4205, (await closed).Code);
    }

    [Fact]
    public async Task Continuous_updates_go_on_behind_the_viewers_back()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        var first = _host.Runtime.Display = new RfbServer(320, 200, new(Fences: true)) { Received = (m, _) => _heard.Enqueue(m) };
        await using var viewer = await _host.ViewAsync(owner, session);
        await viewer.Rfb.SendAsync(Encodings(0, RfbEncoding.DesktopSize, RfbEncoding.Fence, RfbEncoding.ContinuousUpdates), StreamHost.Soon);
        await viewer.Rfb.SendAsync(new byte[] { 150, 1, 0, 0, 0, 0, 1, 0x40, 0, 200 }, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.Type == 150));
        var second = new RfbServer(500, 400, new(Fences: true)) { Received = (m, _) => _heard.Enqueue(m) };
        _heard.Clear();
        _host.Runtime.Display = second;
        await _host.Runtime.KillAsync();
        await ProxyTests.Eventually(() => _heard.Any(m => m.Type == 150 && m.Flag && m.Width == 500 && m.Height == 400));
        GC.KeepAlive(first);
    }

    [Fact]
    public async Task A_display_without_what_the_viewer_relies_on_is_told_by_4205()
    {
        var owner = _host.House.Person("ada");
        _host.Runtime.Display = new RfbServer(320, 200, new(Fences: true)) { Received = (m, _) => _heard.Enqueue(m) };
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner));
        await viewer.Rfb.SendAsync(new byte[] { 150, 1, 0, 0, 0, 0, 1, 0x40, 0, 200 }, StreamHost.Soon);
        await ProxyTests.Eventually(() => _heard.Any(m => m.Type == 150));
        _host.Runtime.Display = new RfbServer(320, 200);
        await _host.Runtime.KillAsync();
        Assert.Equal(4205, await CodeOf(viewer));
    }

    [Fact]
    public async Task A_failed_session_tells_its_reason()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using var viewer = await _host.ViewAsync(owner, session);
        _host.Runtime.Display = null;
        await _host.Runtime.KillAsync();
        await _host.PhaseAsync(session, SessionPhase.Failed, "The session ran out of memory.");
        Assert.Equal((4503, "The session ran out of memory."), await viewer.ClosedAsync());
    }

    [Fact]
    public async Task A_running_session_whose_display_stays_away_is_told_after_a_while()
    {
        await using var host = await StreamHost.StartAsync(settings: new() { ["Streaming:DisplayPatience"] = "00:00:01" });
        var owner = host.House.Person("ada");
        await using var viewer = await host.ViewAsync(owner, host.House.Session(owner));
        host.Runtime.Display = null;
        await host.Runtime.KillAsync();
        var watch = Stopwatch.StartNew();
        Assert.Equal(4503, (await viewer.ClosedAsync()).Code);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_way_to_the_display_is_measured_by_fences_that_the_viewer_never_sees()
    {
        await using var host = await StreamHost.StartAsync(settings: new() { ["Streaming:PingEvery"] = "00:00:01" });
        host.Runtime.Display = new RfbServer(320, 200, new(Fences: true));
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        var (url, _) = await host.TicketAsync(owner, session);
        using var socket = await host.SocketAsync(url);
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        await StreamSpace.Rfb.Handshakes.ServerHandshake.RunAsync(stream, null, RfbLimits.Default, StreamHost.Soon);
        await stream.WriteAsync(Encodings(0, RfbEncoding.Fence, RfbEncoding.ContinuousUpdates));
        var seen = new List<byte>();
        var reading = Task.Run(async () =>
        {
            var one = new byte[256];
            for (int got; (got = await stream.ReadAsync(one)) > 0;)
                lock (seen)
                    seen.AddRange(one.AsSpan(0, got));
        });
        await ProxyTests.Eventually(async () => (await host.As(owner).GetStringAsync($"/api/v1/sessions/{session.Id}/viewers")) is var list && !list.Contains("\"client\":null") && !list.Contains("\"display\":null"));
        lock (seen)
            Assert.Equal([248, 0, 0, 0, 0x80, 0, 0, 0, 0, 150], seen); // the server's own fence and its readiness, nothing of ours
        socket.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => reading);
    }

    internal static byte[] Encodings(params int[] encodings)
    {
        var message = new byte[4 + (4 * encodings.Length)];
        message[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4 + (4 * i)), encodings[i]);
        return message;
    }

    private static async Task<int> CodeOf(TestViewer viewer)
    {
        var buffer = new byte[4096];
        while (viewer.Socket.CloseStatus is null)
            await viewer.Socket.ReceiveAsync(buffer, StreamHost.Soon);
        return (int)viewer.Socket.CloseStatus;
    }
}
