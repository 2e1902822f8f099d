using System.Security.Cryptography;
using Microsoft.Playwright;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>A file goes into a real desktop by the viewer's panel and comes out again; a policy that closes the way closes it on the open page.</summary>
public sealed class FilesTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RequiresFact("chromium", "local")]
    public async Task A_file_goes_in_is_there_for_the_desktop_and_comes_out_the_same_until_a_policy_closes_the_way()
    {
        await using var server = await ServerProcess.StartAsync();
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            var (session, desktop) = await page.LaunchTerminalAsync();

            await OpenFilesAsync(page);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Open the folder Documents" }).WaitForAsync();
            var content = RandomNumberGenerator.GetBytes(700_001);
            await ChooseAsync(page, "report ä.bin", content);
            await page.GetByText("Arrived").WaitForAsync();
            await page.Mouse.MoveAsync(300, 500); // the tooltip of what was pressed goes
            await Assertions.Expect(page.GetByRole(AriaRole.Tooltip)).ToHaveCountAsync(0);
            Assert.Empty(await Axe.ViolationsAsync(page));

            // The desktop's own programs see it.
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Close panel" }).ClickAsync();
            await desktop.ClickAsync();
            await desktop.TypeAsync("sha256sum rep* > sum");
            Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(content)), await HomeFiles.ReadAsync(server, "local", session, "sum"), StringComparison.Ordinal);

            await OpenFilesAsync(page);
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Download report ä.bin" }).ClickAsync());
            Assert.Equal("report ä.bin", download.SuggestedFilename);
            Assert.Equal(content, await File.ReadAllBytesAsync(await download.PathAsync()));

            await CloseAsync(page);
            await ChooseAsync(page, "late.bin", content);
            await page.GetByText("The policy “Nothing goes in” does not let files pass this way.").WaitForAsync();
            await page.GetByText("Uploading is not allowed. (Nothing goes in)").WaitForAsync();
            Assert.True(await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Upload", Exact = true }).IsDisabledAsync());
            Assert.False(Directory.EnumerateFiles(Path.Combine(server.Data, "local", "homes"), "late.bin", SearchOption.AllDirectories).Any());

            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More for report ä.bin" }).ClickAsync();
            await page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Delete" }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
            await page.GetByText("report ä.bin was deleted").First.WaitForAsync();
            await LookAsync(page, "files-panel");
            Assert.False(Directory.EnumerateFiles(Path.Combine(server.Data, "local", "homes"), "report*", SearchOption.AllDirectories).Any());
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-files");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    /// <summary>Pictures at the sizes and in the schemes people use.</summary>
    private static async Task LookAsync(IPage page, string name)
    {
        foreach (var (width, height) in new[] { (390, 844), (1440, 900) })
        {
            foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
            {
                await page.SetViewportSizeAsync(width, height);
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await Task.Delay(400);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png") });
            }
        }
    }

    private static async Task OpenFilesAsync(IPage page)
    {
        var show = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show the toolbar" });
        if (await show.IsVisibleAsync())
            await show.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Files", Exact = true }).ClickAsync();
    }

    private static Task ChooseAsync(IPage page, string name, byte[] content) =>
        page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });

    /// <summary>The policy is made on another page of the same person, while the viewer stays open.</summary>
    private static async Task CloseAsync(IPage viewer)
    {
        var page = await viewer.Context.NewPageAsync();
        await page.GotoAsync("/admin/protection");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync("Nothing goes in");
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Files into the session" }).GetByRole(AriaRole.Switch, new LocatorGetByRoleOptions { Name = "Let nothing pass" }).ClickAsync();
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Files out of the session" }).GetByRole(AriaRole.Switch, new LocatorGetByRoleOptions { Name = "Scan every file for viruses" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "When the scanner does not answer" }).ScrollIntoViewIfNeededAsync();
        await LookAsync(page, "files-policy");
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Files out of the session" }).GetByRole(AriaRole.Switch, new LocatorGetByRoleOptions { Name = "Scan every file for viruses" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "Nothing goes in", Exact = true }).WaitForAsync();
        await page.CloseAsync();
    }
}
