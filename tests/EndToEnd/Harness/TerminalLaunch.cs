using Microsoft.Playwright;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>A terminal, launched from the catalogue as a person does.</summary>
internal static class TerminalLaunch
{
    /// <summary>Answers when its prompt is seen.</summary>
    public static async Task<(string Session, Desktop Desktop)> LaunchTerminalAsync(this IPage page, string runtime = "local")
    {
        if (new Uri(page.Url).AbsolutePath != "/catalogue")
            await page.GotoAsync("/catalogue");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Launch Terminal" }).First.ClickAsync();
        await page.WaitForURLAsync("**/sessions/*/view");
        var desktop = new Desktop(page);
        await desktop.VisibleAsync(seconds: runtime == "docker" ? 400 : 60); // the first launch on docker builds the image
        await desktop.PromptAsync();
        return (new Uri(page.Url).Segments[^2].TrimEnd('/'), desktop);
    }
}
