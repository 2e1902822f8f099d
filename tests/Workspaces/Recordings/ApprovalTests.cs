using System.Text.Json;
using StreamSpace.Sessions.Tests;
using static StreamSpace.Recordings.Tests.ExportTests;
using static StreamSpace.Recordings.Tests.RecorderTests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Recordings.Tests;

public sealed class ApprovalTests
{
    [Fact]
    public async Task Who_wants_to_look_asks_and_another_person_decides_for_a_time()
    {
        await using var bed = await StartAsync();
        var (ada, session) = await bed.RunningAsync();
        var (admin, eve, bob) = (await bed.App.AdminAsync(), await bed.App.UserAsync("eve", "auditor"), await bed.App.UserAsync("bob"));
        var recording = await MadeAsync(ada, session);
        Assert.Equal((409, "APPROVAL_NOT_NEEDED"), Code(await AskAsync(ada, recording)));
        await ExecuteAsync(bed, "update recordings.recordings set require_approval = true");

        foreach (var path in (string[])["segments", "segments/1", "export/file"])
            Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(ada, HttpMethod.Get, $"/recordings/{recording}/{path}")));
        Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(eve, HttpMethod.Get, $"/recordings/{recording}/segments?reason=curious")));
        Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(admin, HttpMethod.Post, $"/recordings/{recording}/export")));
        Assert.Equal(404, (await AskAsync(bob, recording)).Status);
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/access-requests", new { reason = "", hours = 2 })));
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await SendAsync(ada, HttpMethod.Post, $"/recordings/{recording}/access-requests", new { reason = "mine", hours = 999 })));

        var (status, asked) = await AskAsync(eve, recording);
        Assert.Equal((201, "pending"), (status, asked.GetProperty("state").GetString()));
        Assert.Equal((409, "ALREADY_ASKED"), Code(await AskAsync(eve, recording)));
        var id = asked.GetProperty("id").GetString();
        Assert.Empty((await GetAsync(ada, "/recording-access-requests")).GetProperty("items").EnumerateArray());
        Assert.False(Assert.Single((await GetAsync(eve, $"/recording-access-requests?mine=true&recording={recording}")).GetProperty("items").EnumerateArray()).GetProperty("may_decide").GetBoolean());
        Assert.True(Assert.Single((await GetAsync(admin, "/recording-access-requests?state=pending")).GetProperty("items").EnumerateArray()).GetProperty("may_decide").GetBoolean());
        Assert.Equal(403, (await SendAsync(ada, HttpMethod.Post, $"/recording-access-requests/{id}/approve")).Status);
        Assert.Equal((403, "NOT_ONESELF"), Code(await SendAsync(eve, HttpMethod.Post, $"/recording-access-requests/{id}/approve")));
        Assert.Equal((400, "VALIDATION_ERROR"), Code(await SendAsync(admin, HttpMethod.Post, $"/recording-access-requests/{id}/deny", new { note = "" })));

        var (approved, decided) = await SendAsync(admin, HttpMethod.Post, $"/recording-access-requests/{id}/approve", new { hours = 1, note = "once" });
        Assert.Equal((200, "approved", "admin"), (approved, decided.GetProperty("state").GetString(), decided.GetProperty("decided_by").GetString()));
        Assert.InRange(decided.GetProperty("expires_at").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        Assert.Equal((409, "ALREADY_DECIDED"), Code(await SendAsync(admin, HttpMethod.Post, $"/recording-access-requests/{id}/approve")));
        await Playback.SegmentAsync(eve, recording, 1);
        Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(admin, HttpMethod.Get, $"/recordings/{recording}/segments"))); // who approves does not look

        await ExecuteAsync(bed, "update recordings.access_requests set expires_at = now() - interval '1 second'");
        Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(eve, HttpMethod.Get, $"/recordings/{recording}/segments/1")));
        Assert.Equal("expired", (await GetAsync(eve, "/recording-access-requests")).GetProperty("items")[0].GetProperty("state").GetString());
        var again = (await AskAsync(eve, recording)).Body.GetProperty("id").GetString();
        await SendAsync(admin, HttpMethod.Post, $"/recording-access-requests/{again}/approve");
        Assert.Equal(200, (await SendAsync(eve, HttpMethod.Get, $"/recordings/{recording}/segments")).Status);
        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Post, $"/recording-access-requests/{again}/deny", new { note = "enough seen" })).Status); // taken back
        Assert.Equal((403, "APPROVAL_REQUIRED"), Code(await SendAsync(eve, HttpMethod.Get, $"/recordings/{recording}/segments")));

        var first = await GetAsync(admin, "/recording-access-requests?limit=1");
        var second = await GetAsync(admin, $"/recording-access-requests?limit=1&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal((again, id), (first.GetProperty("items")[0].GetProperty("id").GetString(), second.GetProperty("items")[0].GetProperty("id").GetString()));
        var log = (await GetAsync(admin, $"/recordings/{recording}/access-log")).GetProperty("items").EnumerateArray()
            .Select(l => $"{l.GetProperty("user").GetString()} {l.GetProperty("action").GetString()} {l.GetProperty("reason").GetString()}").ToList();
        Assert.Contains("eve asked case 7", log);
        Assert.Contains("admin approved eve: once", log);
        Assert.Contains("admin denied eve: enough seen", log);
    }

    private static Task<(int Status, JsonElement Body)> AskAsync(HttpClient user, string recording) =>
        SendAsync(user, HttpMethod.Post, $"/recordings/{recording}/access-requests", new { reason = "case 7", hours = 2 });
}
