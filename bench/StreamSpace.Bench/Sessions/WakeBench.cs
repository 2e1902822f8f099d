using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;

namespace StreamSpace.Bench.Sessions;

/// <summary>From a key press into a frozen session to the next frame, through the proxy.</summary>
internal static class WakeBench
{
    public static async Task RunAsync(Report report, string runtime, int n, CancellationToken ct)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = runtime });
        using var client = await server.LogInAsync();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Runtime = runtime }, ct);
        await client.UntilAsync(session.Id, [Phases.Running], _ => { }, ct);
        await using var viewer = await Viewing.ConnectAsync(client, session.Id, ct);
        await viewer.FirstPictureAsync(ct);
        await Task.Delay(1500, ct);
        var screen = new Screen(viewer);
        Samples awake = new(), frozen = new();
        for (var i = -3; i < n; i++)
            Keep(awake, i, await screen.KeyToFrameAsync(Screen.Key(i), ct));
        for (var i = -2; i < n; i++) // the first ones compile the way and do not count
        {
            await screen.QuietAsync(ct);
            await client.Sessions.FreezeAsync(session.Id, ct);
            await client.UntilAsync(session.Id, [Phases.Frozen], _ => { }, ct);
            Keep(frozen, i, await screen.KeyToFrameAsync(Screen.Key(i), ct));
            await client.UntilAsync(session.Id, [Phases.Running], _ => { }, ct);
        }

        var bar = runtime == "local" ? 25 : 50;
        report.Add($"{runtime}: key to next frame while it runs, through the proxy", awake.Text("0.0"));
        report.Add($"{runtime}: wake from frozen, key to next frame through the proxy", frozen.Text("0.0"), $"p50 <= {bar} ms, p99 <= 150 ms", frozen.P50 <= bar && frozen.P99 <= 150);
    }

    private static void Keep(Samples samples, int i, double took)
    {
        if (i >= 0)
            samples.Add(took);
    }
}
