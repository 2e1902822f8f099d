using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Rfb.Recording;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>Somebody records their session and looks at it later; and a server that is killed while it records.</summary>
public sealed class RecordingTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [RequiresFact("chromium", "local")]
    public async Task What_the_player_shows_is_what_the_viewer_showed()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await server.LogInAsync();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "recorded" }, Ct);
        await client.UntilAsync(session.Id, [Phases.Running], _ => { }, Ct);
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await page.GotoAsync($"/sessions/{session.Id}/view");
            var desktop = new Desktop(page);
            await desktop.VisibleAsync();
            await desktop.PromptAsync();
            await desktop.ClickAsync();
            await UseToolAsync(page, "Record");
            await page.GetByTestId("recorded").WaitForAsync();
            await Task.Delay(2000);
            await desktop.ClickAsync();
            await desktop.TypeAsync("ls -la /usr/bin");
            await Task.Delay(4000);
            var live = await desktop.LookAsync();
            await UseToolAsync(page, "Stop recording");
            await page.GetByTestId("recorded").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });

            await page.GotoAsync("/recordings");
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Play recorded" }).First.ClickAsync();
            await new Desktop(page).VisibleAsync();
            await page.Locator("input[type=range]").PressAsync("End");
            await DiffersAsync(page, live, most: 1500);
            await page.Locator("input[type=range]").PressAsync("Home");
            await DiffersAsync(page, live, least: 6000);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Play", Exact = true }).ClickAsync();
            await DiffersAsync(page, live, most: 1500);
            Assert.True(await page.GetByText("Typed or clicked").CountAsync() > 0);
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-recording");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    [RequiresFact("chromium", "local")]
    public async Task A_policy_is_made_changed_and_deleted_on_the_page_of_recordings()
    {
        await using var server = await ServerProcess.StartAsync();
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await page.GotoAsync("/admin/recordings");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Recording policies" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
            await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync("house rule");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
            await page.GetByText("must name users, teams or templates", new PageGetByTextOptions { Exact = false }).First.WaitForAsync();
            await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "All sessions" }).PressAsync("Space");
            Assert.Empty(await Axe.ViolationsAsync(page));
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
            await page.GetByText("house rule", new PageGetByTextOptions { Exact = true }).WaitForAsync();
            await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "house rule is in force" }).PressAsync("Space");
            await page.WaitForFunctionAsync("async () => !(await (await fetch('/api/v1/recording-policies')).json()).items[0].enabled");
            Assert.Empty(await Axe.ViolationsAsync(page));
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete house rule" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
            await page.GetByText("No policies").WaitForAsync();
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-recording-policies");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    [RequiresFact("local")]
    public async Task A_recording_survives_kills_of_its_server_and_plays_to_within_a_second_of_each()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await server.LogInAsync();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "recorded" }, Ct);
        await client.UntilAsync(session.Id, [Phases.Running], _ => { }, Ct);
        var recording = await client.Recordings.StartAsync(session.Id, null, Ct);
        var kills = new List<DateTimeOffset>();
        for (var kill = 0; kill < 3; kill++)
        {
            await RecordsAsync(client, recording.Id, kill + 1);
            await Task.Delay(Random.Shared.Next(300, 3000), Ct);
            await server.KillAsync();
            kills.Add(DateTimeOffset.UtcNow);
            await server.StartAgainAsync();
        }

        await RecordsAsync(client, recording.Id, kills.Count + 1);
        await client.Recordings.StopAsync(session.Id, Ct);
        while ((await client.Recordings.GetAsync(recording.Id, Ct)).State == "recording")
            await Task.Delay(100, Ct);
        var verifier = new RecordingVerifier();
        var segments = await client.Recordings.SegmentsAsync(recording.Id, Ct);
        foreach (var segment in segments)
            Assert.Equal(SegmentFault.None, verifier.Add(await client.Recordings.DownloadAsync(recording.Id, segment.Number, Ct)).Error.Fault);
        var torn = segments.Where(s => s.EndReason == "recovered").ToList();
        Assert.Equal(kills.Count, torn.Count);
        Assert.All(torn.Zip(kills), pair => Assert.InRange((pair.Second - pair.First.StartedAt.AddMilliseconds(pair.First.DurationMs)).TotalSeconds, -0.5, 1));
    }

    private static async Task RecordsAsync(StreamSpaceClient client, string recording, int segments)
    {
        for (var left = 200; ; left--)
        {
            var found = await client.Recordings.SegmentsAsync(recording, Ct);
            if (found.Count >= segments && found[^1] is { Digest: null, DurationMs: > 0 })
                return;
            Assert.True(left > 0, $"{found.Count} of {segments} segments");
            await Task.Delay(100, Ct);
        }
    }

    /// <summary>The toolbar shows itself to whoever asks for it by its handle.</summary>
    private static async Task UseToolAsync(IPage page, string name)
    {
        var tool = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });
        if (await page.Locator("[data-viewer-toolbar][data-shown]").CountAsync() == 0)
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show the toolbar" }).Or(page.Locator("[aria-keyshortcuts='Control+Alt+Shift+T']")).First.ClickAsync();
        await tool.ClickAsync();
    }

    /// <summary>Waits until so many pixels differ clearly from a picture; JPEG and the pointer, which a recording has in its picture, differ a little.</summary>
    private static async Task DiffersAsync(IPage page, Picture live, int least = 0, int most = int.MaxValue)
    {
        var count = 0;
        for (var left = 100; left > 0; left--)
        {
            await Task.Delay(200);
            var played = await new Desktop(page).LookAsync();
            if ((played.Width, played.Height) != (live.Width, live.Height))
                continue;
            count = live.Differences(played, tolerance: 150);
            if (count >= least && count <= most)
                return;
        }

        Assert.Fail($"{count} pixels differ, not {least} to {most}");
    }
}
