using System.Diagnostics;
using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>A policy is made while a session runs; two people must agree before one looks; and what they see becomes a film.</summary>
public sealed class FilmTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [RequiresFact("chromium", "local", "ffmpeg")]
    public async Task A_running_session_is_recorded_by_a_new_policy_another_person_agrees_and_the_film_shows_what_the_player_shows()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await server.LogInAsync();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "filmed" }, Ct);
        await client.UntilAsync(session.Id, [Phases.Running], _ => { }, Ct);
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await PostAsync(page, "/users", new { username = "eve", password = ServerProcess.Password, must_change_password = false, roles = new[] { "auditor" } });
            await MakePolicyAsync(page);
            await page.GotoAsync($"/sessions/{session.Id}/view");
            var desktop = new Desktop(page);
            await desktop.VisibleAsync();
            await page.GetByTestId("recorded").WaitForAsync();
            await desktop.PromptAsync();
            await desktop.ClickAsync();
            await desktop.TypeAsync("ls -la /usr/bin");
            await Task.Delay(3000);
            await page.GotoAsync("/sessions"); // nobody sees a moving cursor now
            var id = (await client.Recordings.ListAsync("recording", null, null, null, 1, Ct)).Items[0].Id;
            await Task.Delay(1500);
            await PatchPolicyAsync(page);
            while ((await client.Recordings.GetAsync(id, Ct)).State == "recording")
                await Task.Delay(100, Ct);

            await page.GotoAsync($"/recordings/{id}");
            await page.GetByText("only when another person agrees").WaitForAsync();
            await page.GetByLabel("Why do you look at this recording?").FillAsync("case 7");
            Assert.Empty(await Axe.ViolationsAsync(page));
            await LookAtAsync(page, "asking");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask", Exact = true }).ClickAsync();
            await page.GetByText("Waiting for an answer").WaitForAsync();

            var eve = await chromium.LogInAsync(server.Address, "eve", ServerProcess.Password);
            await eve.GotoAsync("/admin/recordings?requests=1");
            await eve.GetByText("case 7", new PageGetByTextOptions { Exact = true }).WaitForAsync();
            Assert.Empty(await Axe.ViolationsAsync(eve));
            await LookAtAsync(eve, "deciding");
            await eve.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Approve" }).ClickAsync();
            await eve.GetByText("approved", new PageGetByTextOptions { Exact = true }).WaitForAsync();
            await eve.Context.CloseAsync();

            await new Desktop(page).VisibleAsync(); // by itself: the socket told
            await page.Locator("input[type=range]").PressAsync("End");
            await Task.Delay(1500);
            var shown = await new Desktop(page).LookAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export as film" }).ClickAsync();
            var link = page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download the film" });
            await link.WaitForAsync();
            Assert.Empty(await Axe.ViolationsAsync(page));
            await LookAtAsync(page, "film");
            var film = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
            Assert.InRange(shown.Differences(await LastFrameAsync(await film.PathAsync(), shown), tolerance: 150), 0, 3000);
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-film");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task MakePolicyAsync(IPage page)
    {
        await page.GotoAsync("/admin/recordings");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Recording policies" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync("two agree");
        foreach (var name in (string[])["All sessions", "Owners may play", "Owners may download", "Whoever looks needs another person’s approval"])
            await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = name }).PressAsync("Space");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add a time" }).ClickAsync();
        Assert.Empty(await Axe.ViolationsAsync(page));
        await LookAtAsync(page, "policy");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove this time" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByText("two agree", new PageGetByTextOptions { Exact = true }).WaitForAsync();
    }

    /// <summary>Out of force: what it began ends.</summary>
    private static async Task PatchPolicyAsync(IPage page)
    {
        await page.GotoAsync("/admin/recordings");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Recording policies" }).ClickAsync();
        await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "two agree is in force" }).PressAsync("Space");
        await page.WaitForFunctionAsync("async () => !(await (await fetch('/api/v1/recording-policies')).json()).items[0].enabled");
    }

    private static async Task PostAsync(IPage page, string path, object body)
    {
        var status = await page.EvaluateAsync<int>(
            """
            async ([path, body]) => (await fetch('/api/v1' + path, {
              method: 'POST', body: JSON.stringify(body),
              headers: { 'Content-Type': 'application/json', 'X-StreamSpace-Client': 'web', 'X-CSRF-Token': decodeURIComponent(/ss_csrf=([^;]+)/.exec(document.cookie)[1]) },
            })).status
            """,
            new object[] { path, body });
        Assert.Equal(201, status);
    }

    /// <summary>Pictures for people to look at, wide and narrow, light and dark.</summary>
    private static async Task LookAtAsync(IPage page, string name)
    {
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await Task.Delay(300);
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width}");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"recordings-{name}-{width}.png"), FullPage = true });
        }
        await page.SetViewportSizeAsync(1440, 900);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
    }

    private static async Task<Picture> LastFrameAsync(string film, Picture like)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgba", "-"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var frame = new byte[like.Data.Length];
        var next = new byte[frame.Length];
        var frames = 0;
        for (; await process.StandardOutput.BaseStream.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false) == next.Length; frames++)
            (frame, next) = (next, frame);
        await process.WaitForExitAsync();
        Assert.True(frames > 10, $"{frames} frames");
        return like with { Data = frame };
    }
}
