using System.Net;
using System.Net.Http.Json;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>Policies as the people at both ends of a stream meet them: made over HTTP, enforced between a real socket and a scripted display.</summary>
[Trait("Category", "Slow")]
public sealed class StreamProtectionTests : IAsyncLifetime
{
    private const string Card = "my card is 4111 1111 1111 1111";
    private ProtectedStream _stream = null!;

    public async Task InitializeAsync() => _stream = await ProtectedStream.StartAsync();

    public async Task DisposeAsync() => await _stream.DisposeAsync();

    [Fact]
    public async Task A_blocked_paste_never_reaches_the_display_and_is_a_violation_of_which_the_person_is_told()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { filters = new[] { new { detector = "payment_card" } } } });
        using var live = await _stream.ListenAsync();
        using var others = await _stream.ListenAsync(_stream.Admin);
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("before", ProtectedStream.Soon);
        await viewer.CutTextAsync(Card, ProtectedStream.Soon);
        await viewer.CutTextAsync("after", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        Assert.Equal(["before", "after"], _stream.Pasted);

        var told = await ProtectedStream.HearAsync(live, m => m.JsonString("type").StartsWith("dlp.", StringComparison.Ordinal), ProtectedStream.Soon);
        var incident = told.GetProperty("data").GetProperty("incident");
        Assert.Equal(("dlp.blocked", "Cards stay in", "content", "payment_card", "clipboard_in"), (
            told.JsonString("type"), incident.JsonString("policyName"), incident.JsonString("reason"), incident.JsonString("finding"), incident.JsonString("channel")));
        Assert.DoesNotContain("4111", told.ToString(), StringComparison.Ordinal);
        Assert.Equal(_stream.LastViewer, incident.JsonString("viewerId")); // the page tells its own viewer's by it

        var violation = Assert.Single(await _stream.ViolationsAsync(1));
        Assert.Equal(("blocked", "open", "high", "ada"), (
            violation.JsonString("outcome"), violation.JsonString("status"), violation.GetProperty("policy").JsonString("severity"), violation.GetProperty("user").JsonString("username")));
        Assert.False(violation.GetProperty("has_content").GetBoolean());

        // An administrator who sees every session is not told what another person's clipboard met.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProtectedStream.HearAsync(others, m => m.JsonString("type").StartsWith("dlp.", StringComparison.Ordinal), patience.Token));
    }

    [Fact]
    public async Task A_blocked_copy_never_reaches_the_viewer_and_the_stream_stays_exact()
    {
        await _stream.PolicyAsync(new { clipboard_out = new { filters = new[] { new { detector = "payment_card" } } } });
        await using var viewer = await _stream.ViewAsync();
        var message = CutTextWriter.Classic(ServerMessageType.ServerCutText, Card);
        _stream.Display.Send(CutTextWriter.Classic(ServerMessageType.ServerCutText, "fine"));
        _stream.Display.Send(message[..3]); // in halves
        await Task.Delay(50);
        _stream.Display.Send(message[3..20]);
        await Task.Delay(50);
        _stream.Display.Send(message[20..]);
        Assert.Equal("fine", await _stream.CopiedAsync(viewer));
        await viewer.WaitForAsync(_ => true, ProtectedStream.Soon); // a picture still comes through
        _stream.Display.Send(CutTextWriter.Classic(ServerMessageType.ServerCutText, "fine too"));
        Assert.Equal("fine too", await _stream.CopiedAsync(viewer));
        Assert.Equal("clipboard_out", Assert.Single(await _stream.ViolationsAsync(1)).JsonString("channel"));
    }

    [Fact]
    public async Task The_extended_clipboard_is_looked_into_and_the_session_is_not_left_waiting()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { filters = new[] { new { detector = "payment_card" } } } });
        await using var viewer = await _stream.ViewAsync();
        await viewer.SendAsync(CutTextWriter.Notify(6, ClipboardFormats.Text), ProtectedStream.Soon);
        await viewer.SendAsync(CutTextWriter.Provide(6, "fine"), ProtectedStream.Soon);
        await viewer.SendAsync(CutTextWriter.Provide(6, Card), ProtectedStream.Soon);
        byte[] html = [.. "<b>4111</b> 1111 1111<i> 1111</i>"u8];
        await viewer.SendAsync(CutTextWriter.Provide(6, [new(ClipboardFormats.Html, 0, html)]), ProtectedStream.Soon);
        await viewer.SendAsync(CutTextWriter.Provide(6, "also fine"), ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        Assert.Equal(["fine", "", "", "also fine"], _stream.Pasted);
        Assert.Equal(["text/html", "text/plain"], (await _stream.ViolationsAsync(2)).Select(v => v.JsonString("format")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_closed_direction_lets_nothing_pass_while_the_other_stays_open()
    {
        await _stream.PolicyAsync(new { clipboard_out = new { allowed = false } }, "Nothing leaves");
        var policy = (await _stream.TicketAsync()).GetProperty("policy");
        Assert.Equal((true, false, "Nothing leaves"), (policy.GetProperty("clipboard_in").GetBoolean(), policy.GetProperty("clipboard_out").GetBoolean(), policy.GetProperty("closed_by")[0].GetString()));
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("in", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        Assert.Equal(["in"], _stream.Pasted);
        _stream.Display.Send(CutTextWriter.Classic(ServerMessageType.ServerCutText, "out"));
        _stream.Display.Send(CutTextWriter.Notify(ServerMessageType.ServerCutText, ClipboardFormats.Text));
        Assert.Null(await _stream.CopiedAsync(viewer));
        Assert.All(await _stream.ViolationsAsync(2), v => Assert.Equal("not_allowed", v.JsonString("reason")));
    }

    [Fact]
    public async Task A_policy_that_changes_reaches_open_viewers_within_a_second()
    {
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync(Card, ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'a');
        Assert.Equal([Card], _stream.Pasted);

        var path = await _stream.PolicyAsync(new { clipboard_in = new { filters = new[] { new { detector = "payment_card" } } } });
        await Task.Delay(1000);
        await viewer.CutTextAsync(Card, ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'b');
        Assert.Single(_stream.Pasted);

        (await _stream.Admin.PatchAsJsonAsync(path, new { enabled = false })).EnsureSuccessStatusCode();
        await Task.Delay(1000);
        await viewer.CutTextAsync(Card, ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'c');
        Assert.Equal([Card, Card], _stream.Pasted);
    }

    [Fact]
    public async Task Who_comes_into_a_team_or_leaves_it_meets_its_policies_within_a_second()
    {
        var team = (await (await _stream.Admin.PostAsJsonAsync("/api/v1/teams", new { name = "Contractors" })).JsonAsync()).JsonString("id");
        var made = await _stream.Admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = "Nothing goes in", apply_to = new { teams = new[] { team } }, rules = new { clipboard_in = new { allowed = false } } });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var member = $"/api/v1/teams/{team}/members/{await _stream.PersonAsync()}";
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("before", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'a');
        Assert.Equal(["before"], _stream.Pasted);

        Assert.Equal(HttpStatusCode.NoContent, (await _stream.Admin.PutAsync(member, null)).StatusCode);
        await Task.Delay(1000);
        await viewer.CutTextAsync("in the team", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'b');
        Assert.Equal(["before"], _stream.Pasted);
        Assert.Equal("Nothing goes in", (await _stream.TicketAsync()).GetProperty("policy").GetProperty("closed_by")[0].GetString());
        var effective = await (await _stream.Admin.GetAsync($"/api/v1/dlp/effective?session={_stream.Session}")).JsonAsync();
        Assert.Equal("Nothing goes in", effective.GetProperty("policies")[0].JsonString("name"));

        Assert.Equal(HttpStatusCode.NoContent, (await _stream.Admin.DeleteAsync(member)).StatusCode);
        await Task.Delay(1000);
        await viewer.CutTextAsync("after", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'c');
        Assert.Equal(["before", "after"], _stream.Pasted);
    }

    [Fact]
    public async Task No_sound_passes_whoever_asks_for_it_or_sends_it_unasked()
    {
        await _stream.PolicyAsync(new { audio = false, microphone = false });
        await using var viewer = await _stream.ViewAsync();
        await viewer.SendAsync(new byte[] { 2, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xfe, 0xfd }, ProtectedStream.Soon); // Raw and QEMU Audio
        await viewer.SendAsync(new byte[] { 255, 1, 0, 2, 3, 2, 0, 0, 0xac, 0x44, 255, 1, 0, 0 }, ProtectedStream.Soon); // 44,100 Hz, on
        await _stream.SettleAsync(viewer, 'z');
        Assert.DoesNotContain(_stream.Heard, m => m is { Type: 255, SubType: 1 });
        _stream.Display.Send(new byte[] { 255, 1, 0, 1, 255, 1, 0, 2, 0, 0, 0, 4, 1, 2, 3, 4, 255, 1, 0, 0 });
        _stream.Display.Send(CutTextWriter.Classic(ServerMessageType.ServerCutText, "still following"));
        Assert.Equal("still following", await _stream.CopiedAsync(viewer)); // the client would have stopped at sound it never asked for
    }

    [Fact]
    public async Task Size_rate_and_formats_are_held_and_each_names_its_reason()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { max_bytes = 10, per_minute = 3, mime_types = new[] { "text/plain" } } });
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("0123456789", ProtectedStream.Soon);
        await viewer.CutTextAsync("0123456789A", ProtectedStream.Soon);
        await viewer.CutTextAsync(new string('x', 200_000), ProtectedStream.Soon);
        await viewer.SendAsync(CutTextWriter.Provide(6, [new(ClipboardFormats.Html, 0, "<b>"u8.ToArray())]), ProtectedStream.Soon);
        await viewer.CutTextAsync("two", ProtectedStream.Soon);
        await viewer.CutTextAsync("three", ProtectedStream.Soon);
        await viewer.CutTextAsync("four", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        Assert.Equal(["0123456789", "", "two", "three"], _stream.Pasted);
        Assert.Equal(["size", "size", "format", "rate"], (await _stream.ViolationsAsync(4)).Reverse().Select(v => v.JsonString("reason")));
    }

    [Fact]
    public async Task Hostile_cut_texts_are_blocked_or_end_the_viewer_and_nothing_else_suffers()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { max_bytes = 4096, filters = new[] { new { detector = "secret" } } }, clipboard_out = new { max_bytes = 4096 } });
        await using var other = await _stream.ViewAsync();
        await using var viewer = await _stream.ViewAsync();
        byte[] bomb = CutTextWriter.Provide(6, new string('a', 3_000_000)); // unpacks to far more than it is
        Assert.True(bomb.Length < 64 * 1024);
        await viewer.SendAsync(bomb, ProtectedStream.Soon);
        await viewer.SendAsync(new byte[] { 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xf6, 16, 0, 0, 1, 1, 2, 3, 4, 5, 6 }, ProtectedStream.Soon); // no zlib stream
        await _stream.SettleAsync(viewer, 'z');
        Assert.All(_stream.Pasted, text => Assert.Equal("", text));
        Assert.Equal(["size", "unreadable"], (await _stream.ViolationsAsync(2)).Select(v => v.JsonString("reason")).Order(StringComparer.Ordinal));

        _stream.Display.Send([3, 0, 0, 0, 0, 0x10, 0, 0, .. new byte[0x100000]]); // a megabyte of copy
        Assert.Null(await _stream.CopiedAsync(viewer));
        await viewer.SendAsync(new byte[] { 6, 0, 0, 0, 0x40, 0, 0, 0 }, ProtectedStream.Soon); // a gigabyte of paste
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
                await viewer.ReadAsync(ProtectedStream.Soon);
        });
        await _stream.SettleAsync(other, 'o');
    }

    [Fact]
    public async Task What_passes_is_remembered_with_content_only_where_the_policy_says_so()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { audit = "metadata" }, clipboard_out = new { audit = "content", filters = new[] { new { pattern = "PROJ-[0-9]+", name = "project", action = "warn" } } } });
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("hello", ProtectedStream.Soon);
        _stream.Display.Send(CutTextWriter.Classic(ServerMessageType.ServerCutText, "about PROJ-12"));
        Assert.Equal("about PROJ-12", await _stream.CopiedAsync(viewer));
        var warned = Assert.Single(await _stream.ViolationsAsync(1));
        Assert.Equal(("warned", "project", true), (warned.JsonString("outcome"), warned.JsonString("finding"), warned.GetProperty("has_content").GetBoolean()));
        var detail = await (await _stream.Admin.GetAsync($"/api/v1/dlp/violations/{warned.JsonString("id")}")).JsonAsync();
        Assert.Equal("about PROJ-12", detail.JsonString("content"));
        await ProtectedStream.Eventually(async () =>
        {
            var counts = (await (await _stream.Admin.GetAsync("/api/v1/dlp/stats?days=7")).JsonAsync()).GetProperty("by_outcome").EnumerateArray().Select(c => (c.JsonString("name"), c.GetProperty("incidents").GetInt64())).ToList();
            return counts.Contains(("allowed", 1)) && counts.Contains(("warned", 1));
        });
    }

    [Fact]
    public async Task Keys_that_come_too_fast_are_dropped_and_told_once()
    {
        await _stream.PolicyAsync(new { keys_per_second = 5 });
        await using var viewer = await _stream.ViewAsync();
        for (var i = 0; i < 40; i++)
            await viewer.KeyAsync((uint)('A' + (i % 26)), true, ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        Assert.InRange(_stream.Heard.Count(m => m is { Type: 4, Flag: true }), 5, 10);
        Assert.Equal(("keyboard", "rate"), (await _stream.ViolationsAsync(1)) is [var only] ? (only.JsonString("channel"), only.JsonString("reason")) : default);
    }

    [Fact]
    public async Task The_pointer_stays_inside_the_visible_region()
    {
        await _stream.PolicyAsync(new { visible_region = new { x = 0, y = 0, width = 50, height = 100 } });
        await using var viewer = await _stream.ViewAsync();
        var (width, height) = (_stream.Display.Picture.Width, _stream.Display.Picture.Height);
        await viewer.PointerAsync((width / 2) - 1, height - 1, 0, ProtectedStream.Soon);
        await viewer.PointerAsync((width / 2) + 1, 5, 1, ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        var pointer = Assert.Single(_stream.Heard, m => m.Type == 5);
        Assert.Equal(((width / 2) - 1, 0), (pointer.X, pointer.Buttons));
        Assert.Equal("region", Assert.Single(await _stream.ViolationsAsync(1)).JsonString("reason"));
    }

    [Fact]
    public async Task The_effective_policy_names_who_decided_and_a_dry_run_tells_what_would_have_been_blocked()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { max_bytes = 1000, audit = "content" } }, "wide");
        await _stream.PolicyAsync(new { clipboard_in = new { max_bytes = 100 } }, "tight");
        var effective = await (await _stream.Admin.GetAsync($"/api/v1/dlp/effective?session={_stream.Session}")).JsonAsync();
        var most = effective.GetProperty("effective").GetProperty("clipboard_in").GetProperty("max_bytes");
        Assert.Equal((100, "tight"), (most.GetProperty("value").GetInt32(), most.GetProperty("by").JsonString("name")));

        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync(Card, ProtectedStream.Soon);
        await viewer.CutTextAsync("a longer text without any card in it", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        async Task<(long, long)> TryAsync(object clipboardIn)
        {
            var answer = await (await _stream.Admin.PostAsJsonAsync("/api/v1/dlp/policies/simulate", new { policy = new { apply_to = new { all = true }, rules = new { clipboard_in = clipboardIn } }, days = 7 })).JsonAsync();
            return (answer.GetProperty("operations").GetInt64(), answer.GetProperty("would_block").GetInt64());
        }

        await ProtectedStream.Eventually(async () => (await TryAsync(new { allowed = false })).Item1 == 2);
        Assert.Equal((2, 2), await TryAsync(new { allowed = false }));
        Assert.Equal((2, 1), await TryAsync(new { filters = new[] { new { detector = "payment_card" } } }));
        Assert.Equal((2, 1), await TryAsync(new { max_bytes = 33 }));
        Assert.Equal((2, 0), await TryAsync(new { max_bytes = 100 }));
    }

    [Fact]
    public async Task A_violation_is_looked_at_and_closed_once()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { allowed = false } });
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("x", ProtectedStream.Soon);
        var path = $"/api/v1/dlp/violations/{Assert.Single(await _stream.ViolationsAsync(1)).JsonString("id")}/resolve";
        Assert.Equal("VALIDATION_ERROR", await (await _stream.Admin.PatchAsJsonAsync(path, new { status = "resolved" })).CodeAsync());
        Assert.Equal("VALIDATION_ERROR", await (await _stream.Admin.PatchAsJsonAsync(path, new { status = "open" })).CodeAsync());
        Assert.Equal("reviewed", (await (await _stream.Admin.PatchAsJsonAsync(path, new { status = "reviewed" })).JsonAsync()).JsonString("status"));
        var closed = await (await _stream.Admin.PatchAsJsonAsync(path, new { resolution = "A mistake, spoken about." })).JsonAsync();
        Assert.Equal(("resolved", "A mistake, spoken about.", "admin"), (closed.JsonString("status"), closed.JsonString("resolution"), closed.GetProperty("resolved_by").JsonString("username")));
        Assert.Equal("ALREADY_CLOSED", await (await _stream.Admin.PatchAsJsonAsync(path, new { resolution = "again", status = "false_positive" })).CodeAsync());
        Assert.Empty(await _stream.ViolationsAsync(0, "status=open"));
        Assert.Single(await _stream.ViolationsAsync(0, "status=resolved&severity=high&outcome=blocked&channel=clipboard_in&user=ada"));
        foreach (var wrong in new[] { "status=maybe", "severity=x", "cursor=x", "policy=x", "channel=smoke" })
            Assert.Equal(400, (int)(await _stream.Admin.GetAsync("/api/v1/dlp/violations?" + wrong)).StatusCode);
    }
}
