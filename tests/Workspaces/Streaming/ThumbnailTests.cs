using System.Net;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Streaming;
using StreamSpace.Streaming.Thumbnails;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class ThumbnailTests : IAsyncLifetime
{
    private StreamHost _host = null!;

    public async Task InitializeAsync() => _host = await StreamHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_running_session_shows_what_its_display_shows_and_one_look_serves_all_who_ask_soon()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        _host.Runtime.Display = new(1280, 800);
        _host.Runtime.Display.Draw(p => p.Fill(0, 0, 1280, 800, 0x3060c0));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _host.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")));

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (a.StatusCode, a.Content.Headers.ContentType?.MediaType)));
        var pixels = new int[640 * 400];
        Assert.True(TurboJpeg.TryDecode(await answers[0].Content.ReadAsByteArrayAsync(), 640, 400, pixels));
        Assert.InRange((pixels[123_456] >> 16) & 0xff, 0x28, 0x38);
        Assert.InRange(pixels[123_456] & 0xff, 0xb8, 0xc8);
        Assert.Equal(1, _host.Runtime.Opened);
        Assert.Empty(_host.House.Woken);
        Assert.Empty(_host.House.Inputs);
        Assert.Equal("private, no-cache", answers[0].Headers.CacheControl?.ToString().Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{session.Id}/thumbnail");
        again.Headers.IfNoneMatch.Add(answers[0].Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _host.As(owner).SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task A_sleeping_session_shows_the_last_picture_and_is_not_woken_and_one_never_seen_has_none()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        Assert.Equal(HttpStatusCode.OK, (await _host.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")).StatusCode);
        _host.House.Sessions[session.Id] = session with { Phase = SessionPhase.Hibernated };
        _host.Runtime.Display = null;
        Assert.Equal(HttpStatusCode.OK, (await _host.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")).StatusCode);
        Assert.Equal(1, _host.Runtime.Opened);

        var other = _host.House.Session(owner, SessionPhase.Hibernated);
        Assert.Equal(HttpStatusCode.NoContent, (await _host.As(owner).GetAsync($"/api/v1/sessions/{other.Id}/thumbnail")).StatusCode);
    }

    [Fact]
    public async Task Only_who_may_look_at_the_display_sees_its_picture()
    {
        var owner = _host.House.Person("ada");
        var (viewer, knows, stranger) = (_host.House.Person("bea"), _host.House.Person("cid"), _host.House.Person("dan"));
        var session = _host.House.Session(owner);
        _host.House.Shares[(session.Id, viewer.User)] = AccessLevel.View;
        _host.House.Shares[(session.Id, knows.User)] = null;
        var path = $"/api/v1/sessions/{session.Id}/thumbnail";
        Assert.Equal(HttpStatusCode.OK, (await _host.As(viewer).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.As(knows).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.As(stranger).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new HttpClient { BaseAddress = _host.Address }.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task What_is_kept_is_sealed_and_goes_with_the_session()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await (await _host.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")).Content.ReadAsByteArrayAsync();
        await using (var db = await _host.Get<IDbContextFactory<StreamingDb>>().CreateDbContextAsync())
        {
            var kept = await db.Thumbnails.SingleAsync(t => t.SessionId == session.Id);
            Assert.DoesNotContain("/9j/", kept.Picture, StringComparison.Ordinal); // how a JPEG file begins in base64
        }

        await _host.TellAsync(session, "session.deleted");

        for (var left = 200; ; left--)
        {
            await using var db = await _host.Get<IDbContextFactory<StreamingDb>>().CreateDbContextAsync();
            if (!await db.Thumbnails.AnyAsync(t => t.SessionId == session.Id))
                break;
            Assert.True(left > 0, "the picture is still there");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Who_leaves_finds_on_the_card_what_they_left()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        await using (var viewer = await _host.ViewAsync(owner, session))
            await viewer.Rfb.RequestAsync(incremental: false, StreamHost.Soon);
        for (var left = 200; await _host.Get<ThumbnailTaker>().FindAsync(session.Id, StreamHost.Soon) is null; left--)
        {
            Assert.True(left > 0, "no picture was kept");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task A_display_that_does_not_answer_gives_no_picture_and_no_error()
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        _host.Runtime.Display = null;
        Assert.Equal(HttpStatusCode.NoContent, (await _host.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")).StatusCode);
    }

    [Fact]
    public async Task Switched_off_nothing_is_looked_at()
    {
        await using var off = await StreamHost.StartAsync(settings: new() { ["Streaming:Thumbnails"] = "false" });
        var owner = off.House.Person("ada");
        var session = off.House.Session(owner);
        Assert.Equal(HttpStatusCode.NoContent, (await off.As(owner).GetAsync($"/api/v1/sessions/{session.Id}/thumbnail")).StatusCode);
        Assert.Equal(0, off.Runtime.Opened);
    }
}
