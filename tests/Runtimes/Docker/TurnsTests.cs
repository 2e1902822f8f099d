using StreamSpace.Contracts;

namespace StreamSpace.Runtimes.Docker.Tests;

public sealed class TurnsTests
{
    [Fact]
    public async Task One_session_changes_one_thing_at_a_time_and_others_do_not_wait()
    {
        var turns = new Turns();
        var session = SessionId.New();
        var first = await turns.TakeAsync(session, CancellationToken.None);
        var second = turns.TakeAsync(session, CancellationToken.None);
        (await turns.TakeAsync(SessionId.New(), CancellationToken.None)).Dispose();
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_no_trace()
    {
        var turns = new Turns();
        var session = SessionId.New();
        var first = await turns.TakeAsync(session, CancellationToken.None);
        using var impatience = new CancellationTokenSource(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turns.TakeAsync(session, impatience.Token));
        first.Dispose();
        (await turns.TakeAsync(session, CancellationToken.None)).Dispose();
    }

    [Fact]
    public void Wrong_settings_are_told_all_at_once()
    {
        var told = new DockerOptionsCheck().Validate(null, new() { Installation = "Not A Word", Network = "no network", Host = "nowhere", DisplayTimeout = TimeSpan.Zero });
        Assert.Equal(4, told.Failures!.Count());
        Assert.True(new DockerOptionsCheck().Validate(null, new() { Host = "unix:///run/docker.sock" }).Succeeded);
    }
}
