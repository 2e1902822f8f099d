using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>What administrators and open viewers are told, and what only warns.</summary>
[Trait("Category", "Slow")]
public sealed class ProtectionNoticeTests : IAsyncLifetime
{
    private ProtectedStream _stream = null!;

    public async Task InitializeAsync() => _stream = await ProtectedStream.StartAsync();

    public async Task DisposeAsync() => await _stream.DisposeAsync();

    [Fact]
    public async Task Size_and_rate_that_only_warn_let_it_pass_and_tell_of_it()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { max_bytes = 10, size_action = "warn" }, keys_per_second = 1, keys_action = "warn" });
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("short", ProtectedStream.Soon);
        await viewer.CutTextAsync("longer than ten bytes", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'a');
        Assert.Equal(["short", "longer than ten bytes"], _stream.Pasted);
        var size = Assert.Single(await _stream.ViolationsAsync(1, "channel=clipboard_in"));
        Assert.Equal(("warned", "size"), (size.JsonString("outcome"), size.JsonString("reason")));
        for (uint key = 'b'; key < 'f'; key++)
        {
            await viewer.KeyAsync(key, true, ProtectedStream.Soon);
            await _stream.SettleAsync(viewer, key);
        }

        var keys = Assert.Single(await _stream.ViolationsAsync(1, "channel=keyboard"));
        Assert.Equal(("warned", "rate"), (keys.JsonString("outcome"), keys.JsonString("reason")));
    }

    [Fact]
    public async Task Administrators_are_told_at_once_of_violations_of_policies_that_say_so()
    {
        var answer = await _stream.Admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = "told", notify_admin = true, apply_to = new { all = true }, rules = new { clipboard_in = new { allowed = false } } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await _stream.PolicyAsync(new { clipboard_out = new { allowed = false } }, "quiet");
        using var admin = await _stream.ListenAsync(_stream.Admin);
        using var eve = await _stream.App.UserAsync("eve");
        using var eves = await _stream.ListenAsync(eve);
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("x", ProtectedStream.Soon);
        var told = await ProtectedStream.HearAsync(admin, m => m.JsonString("type") == "dlp.reported", ProtectedStream.Soon);
        Assert.Equal(("ada", "told", JsonValueKind.Null), (told.GetProperty("data").JsonString("username"), told.GetProperty("data").GetProperty("incident").JsonString("policyName"), told.GetProperty("sessionId").ValueKind));
        Assert.Single(await _stream.ViolationsAsync(1, "notify=true&status=open"));
        Assert.Empty(await _stream.ViolationsAsync(0, "notify=false"));
        // Nobody else hears of it: her own session is the first thing she hears.
        await eve.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal" });
        var first = await ProtectedStream.HearAsync(eves, _ => true, ProtectedStream.Soon);
        Assert.StartsWith("session.", first.JsonString("type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_viewer_is_told_when_what_passes_changes_and_what_it_is_now_also_when_an_exception_ends()
    {
        await using var viewer = await _stream.ViewAsync();
        using var live = await _stream.ListenAsync();
        var mine = $"/api/v1/sessions/{_stream.Session}/viewers/{_stream.LastViewer}/policy";
        using var ada = await _stream.App.LoginAsync("ada");
        async Task<(bool In, bool Picture)> NowAsync()
        {
            var policy = (await (await ada.GetAsync(mine)).JsonAsync()).GetProperty("policy");
            return (policy.GetProperty("clipboard_in").GetBoolean(), policy.GetProperty("screenshot").GetBoolean());
        }

        Task<JsonElement> ToldAsync() => ProtectedStream.HearAsync(
            live, m => m.JsonString("type") == "session.viewer.policy" && m.GetProperty("data").JsonString("viewer") == _stream.LastViewer, ProtectedStream.Soon);

        Assert.Equal((true, true), await NowAsync());
        await _stream.PolicyAsync(new { screenshot = false, clipboard_in = new { allowed = false } });
        await ToldAsync();
        Assert.Equal((false, false), await NowAsync());
        var ends = DateTimeOffset.UtcNow.AddSeconds(2);
        var exception = await _stream.Admin.PostAsJsonAsync("/api/v1/dlp/policies", new
        {
            name = "for a moment", kind = "exception", reason = "test", expires_at = ends, apply_to = new { all = true }, rules = new { clipboard_in = new { allowed = true } },
        });
        Assert.True(exception.IsSuccessStatusCode, await exception.Content.ReadAsStringAsync());
        await ToldAsync();
        Assert.Equal((true, false), await NowAsync());
        await ToldAsync();
        Assert.True(DateTimeOffset.UtcNow >= ends);
        Assert.Equal((false, false), await NowAsync());
        await viewer.CutTextAsync("no more", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'q');
        Assert.Empty(_stream.Pasted);
        using var eve = await _stream.App.UserAsync("eve");
        Assert.Equal(HttpStatusCode.NotFound, (await eve.GetAsync(mine)).StatusCode);
        Assert.Equal("VIEWER_NOT_FOUND", await (await _stream.Admin.GetAsync(mine)).CodeAsync());
    }

    [Fact]
    public async Task A_dry_run_counts_whom_the_policy_is_about_and_nobody_else()
    {
        await _stream.PolicyAsync(new { clipboard_in = new { audit = "metadata" } });
        await using var viewer = await _stream.ViewAsync();
        await viewer.CutTextAsync("one", ProtectedStream.Soon);
        await viewer.CutTextAsync("two", ProtectedStream.Soon);
        await _stream.SettleAsync(viewer, 'z');
        async Task<(HttpStatusCode, long)> TryAsync(object scope)
        {
            var answer = await _stream.Admin.PostAsJsonAsync("/api/v1/dlp/policies/simulate", new { policy = new { apply_to = scope, rules = new { clipboard_in = new { allowed = false } } }, days = 7 });
            return (answer.StatusCode, answer.IsSuccessStatusCode ? (await answer.JsonAsync()).GetProperty("would_block").GetInt64() : -1);
        }

        await ProtectedStream.Eventually(async () => (await TryAsync(new { all = true })).Item2 == 2);
        Assert.Equal((HttpStatusCode.OK, 2), await TryAsync(new { templates = new[] { "terminal" } }));
        Assert.Equal((HttpStatusCode.OK, 0), await TryAsync(new { templates = new[] { "firefox" } }));
        Assert.Equal((HttpStatusCode.OK, 2), await TryAsync(new { sessions = new[] { _stream.Session } }));
        Assert.Equal((HttpStatusCode.OK, 0), await TryAsync(new { sessions = new[] { Guid.CreateVersion7() } }));
        Assert.Equal((HttpStatusCode.OK, 0), await TryAsync(new { users = new[] { Guid.CreateVersion7() }, templates = new[] { "firefox" } }));
        Assert.Equal((HttpStatusCode.BadRequest, -1), await TryAsync(new { teams = new[] { Guid.CreateVersion7() } }));
        var team = (await (await _stream.Admin.PostAsJsonAsync("/api/v1/teams", new { name = "Tried on" })).JsonAsync()).JsonString("id");
        Assert.Equal((HttpStatusCode.OK, 0), await TryAsync(new { teams = new[] { team } }));
        Assert.Equal(HttpStatusCode.NoContent, (await _stream.Admin.PutAsync($"/api/v1/teams/{team}/members/{await _stream.PersonAsync()}", null)).StatusCode);
        Assert.Equal((HttpStatusCode.OK, 2), await TryAsync(new { teams = new[] { team } }));
    }
}
