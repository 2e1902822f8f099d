using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>Two people: one needs a reason, then an approval, before she can launch; the other one makes the rules and decides. Neither loads a page again.</summary>
public sealed class LaunchApprovalTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RequiresFact("chromium", "local")]
    public async Task A_launch_asks_for_a_reason_then_for_an_approval_that_is_granted_live()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var client = await server.LogInAsync())
            await client.Users.CreateAsync(new NewUser("grace", ServerProcess.Password, "grace@example.org", "Grace Hopper"), CancellationToken.None);
        var ada = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var adasWitness = new Witness(ada);
        try
        {
            await MakePolicyAsync(ada, "Say why", "A reason is needed", "Terminal");
            var grace = await chromium.LogInAsync(server.Address, "grace", ServerProcess.Password);
            var witness = new Witness(grace);
            try
            {
                await grace.GotoAsync("/catalogue");
                var card = grace.GetByRole(AriaRole.Article).Filter(new LocatorFilterOptions { Has = grace.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Launch Terminal" }) });
                await card.GetByText("Needs a reason").WaitForAsync();
                await PictureAsync(grace, "catalogue-reason");

                // A reason is asked for before anything is sent, and kept.
                await Launch(grace).ClickAsync();
                await grace.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Reason" }).FillAsync("to read the logs");
                await PictureAsync(grace, "launch-reason");
                Assert.Empty(await Axe.ViolationsAsync(grace));
                await grace.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Launch" }).ClickAsync();
                await grace.WaitForURLAsync("**/sessions/*/view");
                var desktop = new Desktop(grace);
                await desktop.VisibleAsync();
                var session = new Uri(grace.Url).Segments[^2].TrimEnd('/');
                await ada.GotoAsync($"/sessions/{session}");
                await ada.GetByText("to read the logs").WaitForAsync();

                // Now an approval: asked for in the catalogue, seen by the other at once.
                await MakePolicyAsync(ada, "Ask first", "Somebody else’s approval is needed", "Terminal");
                await ada.GotoAsync("/sessions");
                await grace.GotoAsync("/catalogue");
                await card.GetByText("Needs approval").WaitForAsync();
                await Launch(grace).ClickAsync();
                await grace.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Reason" }).FillAsync("to repair the report");
                await grace.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask for approval" }).ClickAsync();
                await card.GetByText("Waits for approval").WaitForAsync();
                await grace.GetByText("You asked to launch Terminal", new PageGetByTextOptions { Exact = true }).WaitForAsync();
                await PictureAsync(grace, "catalogue-waiting");

                await ada.GetByText("grace asks to launch Terminal").WaitForAsync();
                await ada.GetByRole(AriaRole.Link, new PageGetByRoleOptions { NameRegex = new System.Text.RegularExpressions.Regex("Approvals.*1 waits") }).WaitForAsync();
                await ada.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Decide" }).ClickAsync();
                await ada.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Open what grace asks about Terminal" }).ClickAsync();
                await ada.GetByRole(AriaRole.Dialog).GetByText("to repair the report").WaitForAsync();
                await ada.GetByLabel("Your answer").FillAsync("Go ahead");
                await PictureAsync(ada, "approvals-decide");
                Assert.Equal("", string.Join("\n", await Axe.ViolationsAsync(ada)));
                await ada.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Approve", Exact = true }).ClickAsync();
                await ada.GetByText("Nobody waits").WaitForAsync();

                // Grace hears of it where she is, and launches with one click.
                await grace.GetByText("ada approved: you may launch Terminal").WaitForAsync();
                await card.GetByText("Approved", new LocatorGetByTextOptions { Exact = true }).WaitForAsync();
                await PictureAsync(grace, "catalogue-granted");
                await grace.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Your approvals" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Launch Terminal" }).ClickAsync();
                await grace.WaitForURLAsync("**/sessions/*/view");
                await desktop.VisibleAsync();
                await TurnOffScreenshotsAsync(ada, grace);
            }
            catch (Exception)
            {
                await witness.TestifyAsync("failed-launch-approval-grace");
                throw;
            }
            finally
            {
                await grace.Context.CloseAsync();
            }
        }
        catch (Exception)
        {
            await adasWitness.TestifyAsync("failed-launch-approval-ada");
            throw;
        }
        finally
        {
            await ada.Context.CloseAsync();
        }
    }

    /// <summary>The open viewer's buttons follow a policy that is made now.</summary>
    private static async Task TurnOffScreenshotsAsync(IPage ada, IPage grace)
    {
        var show = grace.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show the toolbar" });
        if (await show.IsVisibleAsync())
            await show.ClickAsync();
        var picture = grace.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Screenshot" });
        await picture.WaitForAsync();
        await MakePolicyAsync(ada, "No pictures", "The viewer offers no screenshots", "Terminal");
        await picture.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached, Timeout = 5000 });
    }

    private static ILocator Launch(IPage page) => page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Launch Terminal" });

    private static async Task MakePolicyAsync(IPage page, string name, string rule, string template)
    {
        await page.GotoAsync("/admin/protection");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync(name);
        await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "Applies to everybody" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Templates" }).Or(page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Templates" })).First.FillAsync(template);
        await page.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = template, Exact = true }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = rule }).ClickAsync();
        if (name == "Say why")
            await PictureAsync(page, "policy-launch");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = name }).First.WaitForAsync();
    }

    /// <summary>Pictures to look at, at the sizes and in the schemes people use.</summary>
    private static async Task PictureAsync(IPage page, string name)
    {
        foreach (var (width, height) in new[] { (390, 844), (1440, 900) })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await page.WaitForTimeoutAsync(200);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"{name}-{width}-{scheme}.png") });
            }
        }
    }
}
