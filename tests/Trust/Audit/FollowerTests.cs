using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Audit;

public sealed class FollowerTests
{
    [Fact]
    public async Task Who_saw_which_session_when_stands_in_the_audit()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.AdminAsync();
        var (session, owner, viewer, user) = (SessionId.New(), UserId.New(), ViewerId.New(), UserId.New());
        await app.Services.GetRequiredService<IEventLog>().AppendAsync([new SessionConnected(session, owner, viewer, user, AccessLevel.View, 1), new SessionDisconnected(session, owner, viewer, user, "viewer_went_away", 0)], default);
        for (var patience = 0; patience < 200; patience++)
        {
            var found = (await (await admin.GetAsync($"/api/v1/audit?resource=session:{session}")).JsonAsync()).GetProperty("items").EnumerateArray().ToList();
            if (found.Count < 2)
            {
                await Task.Delay(50);
                continue;
            }

            Assert.Equal(["session.view_ended", "session.viewed"], found.Select(e => e.JsonString("action")));
            Assert.All(found, e => Assert.Equal(user.ToString(), e.GetProperty("actor").JsonString("id")));
            Assert.Contains(found[1].GetProperty("changes").EnumerateArray(), c => c.JsonString("field") == "level" && c.JsonString("after") == "view");
            return;
        }

        Assert.Fail("The audit never told of the viewer.");
    }
}
