using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>An administrator makes a team and a policy about it; whoever is in it meets the policy in a desktop that is open, and no longer once they are out.</summary>
public sealed class TeamsTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RequiresFact("chromium", "local")]
    public async Task A_policy_about_a_team_forbids_its_people_to_print_and_lets_them_again_when_they_leave()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var client = await server.LogInAsync())
            await client.Users.CreateAsync(new NewUser("grace", ServerProcess.Password, "grace@example.org", "Grace Hopper"), CancellationToken.None);
        var admin = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var grace = await chromium.LogInAsync(server.Address, "grace", ServerProcess.Password);
        var (adminsWitness, gracesWitness) = (new Witness(admin), new Witness(grace));
        try
        {
            await MakeTeamAsync(admin);
            await MakePolicyAsync(admin);
            await grace.LaunchTerminalAsync();
            await PrintsAsync(grace, true);

            await AddAsync(admin);
            await PrintsAsync(grace, false);
            await PictureAsync(grace, "print-forbidden");

            await admin.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take Grace Hopper out" }).ClickAsync();
            await admin.GetByText("Nobody is in this team yet.").WaitForAsync();
            await PrintsAsync(grace, true);
            await PictureAsync(grace, "print-allowed");

            // What a policy names stays, and the page says who names it.
            await admin.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete team" }).ClickAsync();
            await admin.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "Delete Contractors?" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete team" }).ClickAsync();
            await admin.GetByText("the data protection policy “No paper”").WaitForAsync();
        }
        catch (Exception)
        {
            await adminsWitness.TestifyAsync("failed-teams-admin");
            await gracesWitness.TestifyAsync("failed-teams-grace");
            throw;
        }
        finally
        {
            await grace.Context.CloseAsync();
            await admin.Context.CloseAsync();
        }
    }

    private static async Task MakeTeamAsync(IPage admin)
    {
        await admin.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Teams" }).First.ClickAsync();
        await admin.GetByText("No teams yet").WaitForAsync();
        await admin.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New team" }).First.ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new LocatorGetByLabelOptions { Exact = false }).FillAsync("Contractors");
        await dialog.GetByLabel("Description").FillAsync("People from outside, until the end of the year");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "New team" }).ClickAsync();
        await admin.GetByText("Nobody is in this team yet.").WaitForAsync();
    }

    private static async Task MakePolicyAsync(IPage admin)
    {
        await admin.GotoAsync("/admin/protection");
        await admin.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await admin.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync("No paper");
        await admin.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "Everybody" }).ClickAsync();
        var teams = admin.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Teams" });
        await teams.FillAsync("contr");
        await admin.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = "Contractors" }).ClickAsync();
        await admin.Keyboard.PressAsync("Escape");
        await admin.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "The picture is not printed from the browser" }).ClickAsync();
        await PictureAsync(admin, "team-policy");
        await admin.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await admin.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "1 team" }).WaitForAsync();
    }

    private static async Task AddAsync(IPage admin)
    {
        await admin.GotoAsync("/admin/teams");
        await admin.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Contractors" }).ClickAsync();
        await admin.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Add somebody" }).FillAsync("hopp");
        await admin.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = "Grace Hopper (grace)" }).ClickAsync();
        await admin.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "People in this team" }).GetByText("Grace Hopper").WaitForAsync();
        await PictureAsync(admin, "team-drawer");
        Assert.Empty(await Axe.ViolationsAsync(admin));
    }

    /// <summary>What a print would show: the picture and nothing else, or only which policy forbids it. Without a reload.</summary>
    private static async Task PrintsAsync(IPage grace, bool allowed)
    {
        await grace.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        try
        {
            await grace.WaitForFunctionAsync(
                """
                allowed => {
                  const canvas = document.querySelector('[data-testid=screen] canvas');
                  const said = getComputedStyle(document.querySelector('main'), '::before').content;
                  return allowed ? getComputedStyle(canvas).visibility === 'visible' && said === 'none' : getComputedStyle(canvas).visibility === 'hidden' && said.includes('may not be printed (No paper)');
                }
                """, allowed, new PageWaitForFunctionOptions { Timeout = 5000 });
        }
        finally
        {
            if (!allowed)
                await grace.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "print.png") });
            await grace.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
        }
    }

    private static Task PictureAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"{name}.png") });
}
