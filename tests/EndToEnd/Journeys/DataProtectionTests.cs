using Microsoft.Playwright;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>An administrator makes a policy; what it closes stays closed in a real desktop, the person is told, and the administrator sees it.</summary>
public sealed class DataProtectionTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Card = "4111 1111 1111 1111";

    [RequiresFact("chromium", "local")]
    public async Task A_card_number_is_not_pasted_copying_out_is_closed_and_copying_in_works()
    {
        await using var server = await ServerProcess.StartAsync();
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await MakePolicyAsync(page);
            var (session, desktop) = await page.LaunchTerminalAsync();

            // Copying in works: a command that is pasted runs.
            await SendAsync(page, "echo pasted > in");
            await PasteAsync(page, desktop);
            await page.Keyboard.PressAsync("Enter");
            Assert.Equal("pasted\n", await HomeFiles.ReadAsync(server, "local", session, "in"));

            // A card number does not arrive, and the person is told by which policy and why.
            await SendAsync(page, $"echo {Card} > card");
            await PasteAsync(page, desktop);
            await page.GetByText("Not pasted. “Cards stay in” blocks it: it contains “Payment card number”.").First.WaitForAsync();
            await page.Keyboard.PressAsync("Enter");
            await desktop.TypeAsync("echo done > after");
            Assert.Equal("done\n", await HomeFiles.ReadAsync(server, "local", session, "after"));
            Assert.False(Directory.EnumerateFiles(Path.Combine(server.Data, "local", "homes"), "card", SearchOption.AllDirectories).Any());

            // Copying out is closed: the panel says so, and what is copied in the desktop never reaches the page.
            await OpenClipboardAsync(page);
            await page.GetByText("Copying out of this session is not allowed. (Cards stay in)").WaitForAsync();

            await SeeViolationAsync(page);
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-data-protection");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task MakePolicyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Data protection" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync("Cards stay in");
        var into = page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Clipboard into the session" });
        await into.Locator(".mantine-MultiSelect-input").First.ClickAsync(); // its text field fills none of it
        await page.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = "Payment card number" }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Clipboard out of the session" }).GetByRole(AriaRole.Switch, new LocatorGetByRoleOptions { Name = "Let nothing pass" }).ClickAsync();

        await page.GetByLabel("Sample text").FillAsync($"my card is {Card}");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check the text" }).ClickAsync();
        await page.GetByText("Into the session: blocked").WaitForAsync();
        await page.GetByText("Payment card number: found 1 times").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "Cards stay in", Exact = true }).WaitForAsync();
    }

    private static async Task OpenClipboardAsync(IPage page)
    {
        var show = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show the toolbar" });
        if (await show.IsVisibleAsync())
            await show.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Clipboard", Exact = true }).ClickAsync();
    }

    /// <summary>Gives a text to the session's clipboard by the panel.</summary>
    private static async Task SendAsync(IPage page, string text)
    {
        await OpenClipboardAsync(page);
        await page.GetByLabel("Send to the session").FillAsync(text);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Send", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Close panel" }).ClickAsync();
    }

    /// <summary>Pastes into the terminal as its own users do.</summary>
    private static async Task PasteAsync(IPage page, Desktop desktop)
    {
        await desktop.ClickAsync();
        await page.Keyboard.PressAsync("Shift+Insert");
        await desktop.StillAsync();
    }

    private static async Task SeeViolationAsync(IPage page)
    {
        await page.GotoAsync("/admin/protection?part=violations");
        var row = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "it contains “Payment card number”" });
        await row.First.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByLabel("What was found out").FillAsync("A test card.");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "It is no violation" }).ClickAsync();
        await page.GetByText("The violation was closed").WaitForAsync();
        await row.First.GetByText("No violation").WaitForAsync();
    }
}
