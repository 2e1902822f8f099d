using System.Text.Json;
using Microsoft.Playwright;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>A person chooses how good the picture is and sees how the line does; an administrator measures from input to picture.</summary>
public sealed class ConnectionTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RequiresFact("chromium", "local")]
    public async Task The_quality_that_was_chosen_counts_at_the_display_and_is_remembered_and_the_way_is_measured()
    {
        await using var server = await ServerProcess.StartAsync();
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            var (session, _) = await page.LaunchTerminalAsync();
            await UntilQualityAsync(page, session, automatic: true, level: 8);

            await OpenAsync(page, "Picture");
            await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Fast" }).ClickAsync();
            await UntilQualityAsync(page, session, automatic: false, level: 2);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "viewer-quality.png") });
            await page.ReloadAsync();
            await new Desktop(page).VisibleAsync();
            await UntilQualityAsync(page, session, automatic: false, level: 2);
            await OpenAsync(page, "Picture");
            await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Automatic" }).ClickAsync();
            await UntilQualityAsync(page, session, automatic: true, level: 8);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Close panel" }).ClickAsync();

            await SeeLineAsync(page);
            await MeasureAsync(page, session);
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-connection");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task OpenAsync(IPage page, string panel)
    {
        await ShowToolbarAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = panel, Exact = true }).ClickAsync();
    }

    private static async Task ShowToolbarAsync(IPage page)
    {
        // As a mouse does it: the toolbar slides out at the upper edge, and stays while it is pointed at.
        await page.Mouse.MoveAsync(720, 300);
        await page.Mouse.MoveAsync(720, 2);
    }

    /// <summary>What the proxy itself says of this page's viewer.</summary>
    private static async Task UntilQualityAsync(IPage page, string session, bool automatic, int level)
    {
        for (var left = 60; ; left--)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/sessions/{session}/viewers");
            var viewers = JsonDocument.Parse(await answer.TextAsync()).RootElement.GetProperty("items").EnumerateArray().ToList();
            if (viewers.Any(v => v.GetProperty("quality") is { ValueKind: JsonValueKind.Object } q && q.GetProperty("automatic").GetBoolean() == automatic && q.GetProperty("level").GetInt32() == level))
                return;
            Assert.True(left > 0, $"{string.Join("; ", viewers)} instead of automatic {automatic}, level {level}");
            await Task.Delay(250);
        }
    }

    private static async Task SeeLineAsync(IPage page)
    {
        await ShowToolbarAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delay" }).ClickAsync();
        await page.GetByText("automatic, 8 of 8").WaitForAsync();
        await page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "Frames per second" }).WaitForAsync();
        await new Desktop(page).ClickAsync(0.3);
        await new Desktop(page).TypeAsync("for i in $(seq 40); do seq $i 900; sleep 0.1; done");
        await Task.Delay(4000); // so that the curves have something to show
        await page.Locator("[data-testid=line-quality]").WaitForAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "viewer-connection.png") });
        Assert.Empty(await Axe.ViolationsAsync(page));
    }

    private static async Task MeasureAsync(IPage page, string session)
    {
        await page.GotoAsync($"/sessions/{session}");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Measure", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Rowheader, new PageGetByRoleOptions { Name = "Through StreamSpace" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Measure again" }).ScrollIntoViewIfNeededAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "session-probe.png"), FullPage = true });
        Assert.Empty(await Axe.ViolationsAsync(page));
    }
}
