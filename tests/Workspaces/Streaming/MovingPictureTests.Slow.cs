using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Watching;

namespace StreamSpace.Workspaces.Tests.Streaming;

[Trait("Category", "Slow")]
public sealed class MovingPictureTests
{
    private const int Threshold = 32 * 1024;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>What is sent each second, and how often a minute of it is told.</summary>
    public static TheoryData<string, int[], int> Scenes => new()
    {
        { "nothing", [0], 0 },
        { "a blinking cursor", [400, 400], 0 },
        { "a clock with seconds", [2500], 0 },
        { "a full repaint every ten seconds", [400_000, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0 },
        { "a spinner", [20_000], 0 },
        { "a picture that moves every other second", [300_000, 0], 0 },
        { "a small film", [120_000], 7 },
        { "a film that stutters", [500_000, 500_000, 500_000, 500_000, 0], 6 },
    };

    [Theory]
    [MemberData(nameof(Scenes))]
    public void What_moves_on_is_told_and_what_twitches_is_not(string scene, int[] bytes, int told)
    {
        var pictures = new MovingPictures(Threshold, TimeSpan.FromSeconds(10));
        var viewer = Viewer(SessionId.New());
        viewer.Sent(900_000); // the first picture
        var times = 0;
        for (var i = 0; i < 60; i++)
        {
            times += pictures.Look([viewer], Second).Count;
            viewer.Sent(bytes[i % bytes.Length]);
        }

        Assert.True(told == times, $"{scene} was told {times} times");
    }

    [Fact]
    public void A_late_look_asks_for_more_and_viewers_of_one_session_are_told_once()
    {
        var pictures = new MovingPictures(Threshold, TimeSpan.FromSeconds(5));
        var session = SessionId.New();
        Viewer[] viewers = [Viewer(session), Viewer(session), Viewer(SessionId.New())];
        var told = new List<SessionId>();
        for (var i = 0; i < 5; i++)
        {
            told.AddRange(pictures.Look(viewers, Second));
            viewers[0].Sent(50_000);
            viewers[1].Sent(50_000);
            viewers[2].Sent(50_000);
        }

        Assert.Equal(viewers.Select(v => v.Session).ToHashSet(), told.ToHashSet());
        Assert.Equal(2, told.Count);
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(pictures.Look(viewers, TimeSpan.FromSeconds(3)));
            viewers[0].Sent(50_000);
        }

        Assert.Empty(new MovingPictures(0, Second).Look(viewers, Second));
    }

    [Fact]
    public async Task A_film_before_a_viewer_is_told_to_the_sessions_and_a_cursor_is_not()
    {
        await using var host = await StreamHost.StartAsync(settings: new() { ["Streaming:PictureSustainedFor"] = "00:00:02" });
        host.Runtime.Display = new StreamSpace.Rfb.Ends.RfbServer(40, 20); // sends its whole picture each time: 3 KiB
        var owner = host.House.Person("ada");
        var session = host.House.Session(owner);
        await using var viewer = await host.ViewAsync(owner, session, "view");
        await PlayAsync(host, viewer, seconds: 4, everyMs: 500);
        Assert.Empty(host.House.Pictures);
        await PlayAsync(host, viewer, seconds: 5, everyMs: 20);
        Assert.Contains(session.Id, host.House.Pictures);
        Assert.InRange(host.House.Pictures.Count, 1, 4);
        Assert.Empty(host.House.Inputs);
    }

    private static async Task PlayAsync(StreamHost host, TestViewer viewer, double seconds, int everyMs)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var colour = 1; watch.Elapsed.TotalSeconds < seconds; colour++)
        {
            host.Runtime.Display!.Draw(p => p.Fill(5, 5, 4, 4, colour));
            await viewer.Rfb.WaitForAsync(p => p[6, 6] == colour, StreamHost.Soon);
            await Task.Delay(everyMs);
        }
    }

    private static Viewer Viewer(SessionId session) => new(
        ViewerId.New(), session, UserId.New(), new LoginFacts(LoginId.New(), UserId.New(), "ada", "ada", new HashSet<string>()), AccessLevel.View, "127.0.0.1", DateTimeOffset.UnixEpoch);
}
