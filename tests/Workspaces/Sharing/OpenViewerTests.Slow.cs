using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Rfb.Messages;
using StreamSpace.Sessions.Tests;
using StreamSpace.Workspaces.Tests.Streaming;
using static StreamSpace.Sessions.Tests.SessionsBed;
using static StreamSpace.Workspaces.Tests.Sharing.SharingBed;

namespace StreamSpace.Workspaces.Tests.Sharing;

[Trait("Category", "Slow")]
public sealed class OpenViewerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ClientMessage> heard = new();
    private SessionsBed bed = null!;

    public async Task InitializeAsync() => bed = await StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task A_guests_ticket_has_their_level_and_no_other_and_an_open_viewer_follows_it_up_and_down()
    {
        var (ada, id) = await bed.RunningAsync();
        bed.Runtime.Display(IdOf(id)).Received = (message, _) => heard.Enqueue(message);
        using var bob = await bed.App.UserAsync("bob");
        await ShareAsync(ada, id, new { username = "bob", level = "view" });
        foreach (var level in new[] { "control", "collaborate" })
            Assert.Equal((403, "LEVEL_NOT_ALLOWED"), await AskAsync(bob, id, level));
        await using var viewer = await ViewAsync(bed.App, bob, id);
        await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon); // sees the picture
        await viewer.Rfb.KeyAsync('1', true, StreamHost.Soon);

        await ShareAsync(ada, id, new { username = "bob", level = "control" }, 200);
        await LevelAsync("control");
        await viewer.Rfb.KeyAsync('2', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => heard.Any(m => m.KeySym == '2'));
        await ShareAsync(ada, id, new { username = "bob", level = "view" }, 200);
        await LevelAsync("view");
        await viewer.Rfb.KeyAsync('3', true, StreamHost.Soon);
        await ShareAsync(ada, id, new { username = "bob", level = "collaborate" }, 200);
        await LevelAsync("collaborate");
        await viewer.Rfb.KeyAsync('4', true, StreamHost.Soon);
        await ProxyTests.Eventually(() => heard.Any(m => m.KeySym == '4'));
        Assert.DoesNotContain(heard, m => m.KeySym is '1' or '3');

        async Task LevelAsync(string level) => await EventuallyAsync(
            async () => (await GetAsync(bob, $"/sessions/{id}/viewers/{viewer.Id}/policy")).GetProperty("level").GetString() == level
                && (await GetAsync(ada, $"/sessions/{id}/viewers")).GetProperty("items")[0].GetProperty("level").GetString() == level, level, 2);
    }

    [Fact]
    public async Task Whatever_ends_the_share_closes_the_open_viewer_within_a_second_with_a_sentence()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        await using var mine = await ViewAsync(bed.App, ada, id);
        var share = await ShareAsync(ada, id, new { username = "bob", level = "view" });
        await using (var viewer = await ViewAsync(bed.App, bob, id))
            await CutAsync(viewer, () => EndAsync(ada, id, share));
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/viewers", new { })).Status);

        share = await ShareAsync(ada, id, new { username = "bob", level = "control" });
        await using (var viewer = await ViewAsync(bed.App, bob, id))
            await CutAsync(viewer, () => EndAsync(bob, id, share)); // leaves
        await mine.Rfb.WaitForAsync(_ => true, StreamHost.Soon); // the owner's goes on
    }

    [Fact]
    public async Task A_ticket_from_before_the_shares_end_opens_nothing_after_it_and_one_of_a_higher_level_gives_the_lower()
    {
        var (ada, id) = await bed.RunningAsync();
        bed.Runtime.Display(IdOf(id)).Received = (message, _) => heard.Enqueue(message);
        using var bob = await bed.App.UserAsync("bob");
        var share = await ShareAsync(ada, id, new { username = "bob", level = "control" });
        var (_, lowered) = await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/viewers", new { level = "control" });
        var (_, ended) = await SendAsync(bob, HttpMethod.Post, $"/sessions/{id}/viewers", new { });
        await ShareAsync(ada, id, new { username = "bob", level = "view" }, 200);
        await using (var viewer = await ConnectAsync(bed.App, lowered))
        {
            await viewer.Rfb.KeyAsync('1', true, StreamHost.Soon);
            await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon);
            await Task.Delay(200);
            Assert.DoesNotContain(heard, m => m.KeySym == '1');
        }

        await EndAsync(ada, id, share);
        using var socket = await SocketAsync(bed.App, ended);
        var got = await socket.ReceiveAsync(new byte[64], StreamHost.Soon);
        Assert.Equal((System.Net.WebSockets.WebSocketMessageType.Close, 4403), (got.MessageType, (int)socket.CloseStatus!)); // not one byte before it
    }

    [Fact]
    public async Task An_expiry_closes_the_open_viewer_at_its_moment()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "1h" });
        await using var viewer = await ViewAsync(bed.App, bob, id);
        var closed = viewer.ClosedAsync();
        // Sooner than what the sweep sleeps for: a shorter end wakes it.
        var ends = (await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "2s" }, 200)).GetProperty("expires_at").GetDateTimeOffset();
        var (code, sentence) = await closed;
        Assert.Equal((4403, "This session is no longer shared with you."), (code, sentence));
        Assert.InRange(DateTimeOffset.UtcNow - ends, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await EventuallyAsync(async () => (await GetAsync(ada, $"/sessions/{id}/activity?type=session.unshared")).GetProperty("items") is var lines && lines.GetArrayLength() == 1
            && lines[0].GetProperty("data").GetProperty("cause").GetString() == "expired", "the end is told, once");
    }

    [Fact]
    public async Task An_end_said_on_one_replica_cuts_viewers_on_the_other_and_so_does_the_clock()
    {
        await using var second = await StartAsync(o => o.Database = bed.App.Database, bed.Runtime);
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        using var there = await second.App.LoginAsync("bob");
        var share = await ShareAsync(ada, id, new { username = "bob", level = "view" });
        await using (var viewer = await ViewAsync(second.App, there, id))
            await CutAsync(viewer, () => EndAsync(ada, id, share));

        var ends = (await ShareAsync(ada, id, new { username = "bob", level = "view", expires_in = "2s" })).GetProperty("expires_at").GetDateTimeOffset();
        await using var one = await ViewAsync(bed.App, bob, id);
        await using var other = await ViewAsync(second.App, there, id);
        var codes = (await Task.WhenAll(one.ClosedAsync(), other.ClosedAsync())).Select(c => c.Code);
        Assert.Equal([4403, 4403], codes);
        Assert.InRange(DateTimeOffset.UtcNow - ends, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await GetAsync(ada, $"/sessions/{id}/activity?type=session.unshared")).GetProperty("items").GetArrayLength()); // told once each, by one of the two
    }

    [Fact]
    public async Task Opening_a_viewer_wakes_a_sleeping_session_for_a_guest_too_and_a_looker_wakes_it_by_no_key()
    {
        var (ada, id) = await bed.RunningAsync();
        using var bob = await bed.App.UserAsync("bob");
        await ShareAsync(ada, id, new { username = "bob", level = "view" });
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/hibernate");
        await UntilAsync(ada, id, "hibernated");
        await using var viewer = await ViewAsync(bed.App, bob, id);
        await UntilAsync(ada, id, "running");
        await SendAsync(ada, HttpMethod.Post, $"/sessions/{id}/freeze");
        await UntilAsync(ada, id, "frozen");
        await viewer.Rfb.KeyAsync('x', true, StreamHost.Soon);
        await Task.Delay(300);
        Assert.Equal("frozen", (await GetAsync(ada, $"/sessions/{id}")).GetProperty("phase").GetString());
    }

    private static async Task<(int, string)> AskAsync(HttpClient user, string session, string level)
    {
        var (status, body) = await SendAsync(user, HttpMethod.Post, $"/sessions/{session}/viewers", new { level });
        return (status, CodeOf(body));
    }
}
