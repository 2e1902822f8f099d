using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>The main job, as a person does it: set up, launch, work, walk away, come back.</summary>
public sealed class FirstDayTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [RequiresFact("chromium", "local")]
    public Task A_new_person_works_in_a_desktop_on_this_machine() => FirstDayAsync("local");

    [RequiresFact("chromium", "docker")]
    public Task A_new_person_works_in_a_desktop_in_a_container() => FirstDayAsync("docker");

    [RequiresFact("chromium", "local")]
    public Task The_server_is_killed_while_somebody_works_on_this_machine() => KilledAsync("local");

    [RequiresFact("chromium", "docker")]
    public Task The_server_is_killed_while_somebody_works_in_a_container() => KilledAsync("docker");

    private async Task FirstDayAsync(string runtime)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = runtime, WithAdmin = false });
        var page = await chromium.OpenAsync(server.Address);
        var witness = new Witness(page);
        try
        {
            await SetUpAsync(page, server);
            var (session, desktop) = await page.LaunchTerminalAsync(runtime);
            using var client = await server.LogInAsync();
            await TypeAndSeeAsync(server, runtime, session, desktop);
            await HibernateAndWakeAsync(client, page, session, desktop);
            await WakeOftenAsync(client, page, session, desktop);
            await FreezeAndWakeAsync(client, page, session, desktop);
            Assert.Equal("hello\n", await HomeFiles.ReadAsync(server, runtime, session, "file"));
        }
        catch (Exception)
        {
            await witness.TestifyAsync($"failed-first-day-{runtime}");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task SetUpAsync(IPage page, ServerProcess server)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("One-time code").FillAsync(server.SetupCode());
        await page.GetByLabel("Your name").FillAsync("Ada Lovelace");
        await page.GetByLabel("Username").FillAsync(ServerProcess.AdminName);
        await page.Locator("input[autocomplete=new-password]").First.FillAsync(ServerProcess.Password);
        await page.GetByLabel("Repeat the password").FillAsync(ServerProcess.Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create administrator" }).ClickAsync();
        await page.WaitForURLAsync("**/catalogue");
    }

    private static async Task TypeAndSeeAsync(ServerProcess server, string runtime, string session, Desktop desktop)
    {
        await desktop.ClickAsync();
        await desktop.TypeAsync("echo hello > file");
        Assert.Equal("hello\n", await HomeFiles.ReadAsync(server, runtime, session, "file"));

        // The file's text on the screen is, pixel by pixel, what echoing the same word shows - and not what another word shows.
        var fromFile = await ScreenOfAsync(desktop, "cat file");
        var same = await ScreenOfAsync(desktop, "echo hello");
        var other = await ScreenOfAsync(desktop, "echo world");
        Assert.Equal(0, fromFile.Differences(same));
        Assert.True(fromFile.Differences(other) > 40, "another word should look different");
    }

    private static async Task<Picture> ScreenOfAsync(Desktop desktop, string command)
    {
        await desktop.TypeAsync("clear; " + command);
        return await desktop.StillAsync();
    }

    private static async Task HibernateAndWakeAsync(StreamSpaceClient client, IPage page, string session, Desktop desktop)
    {
        await client.Sessions.HibernateAsync(session, Ct);
        Assert.Equal(Phases.Hibernated, (await client.UntilAsync(session, [Phases.Hibernated], _ => { }, Ct)).Phase);
        await page.GetByText("Press any key").WaitForAsync();

        await page.Keyboard.PressAsync("Enter");

        Assert.Equal(Phases.Running, (await client.UntilAsync(session, [Phases.Running], _ => { }, Ct)).Phase);
        await page.GetByText("Press any key").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        // The old picture stays until the new display paints: only the new terminal counts, and it is there when the session has a shell again.
        await HasShellAsync(client, session);
        await desktop.PromptAsync();
        await desktop.StillAsync();
        await desktop.ClickAsync();
        var before = await desktop.LookAsync();
        await desktop.TypeAsync("cat file");
        await desktop.ChangedAsync(before);
    }

    /// <summary>Each time everything starts anew; a window that comes while the window manager does was once lost in every third wake.</summary>
    private static async Task WakeOftenAsync(StreamSpaceClient client, IPage page, string session, Desktop desktop)
    {
        for (var again = 0; again < 5; again++)
        {
            await client.Sessions.HibernateAsync(session, Ct);
            await client.UntilAsync(session, [Phases.Hibernated], _ => { }, Ct);
            await page.GetByText("Press any key").WaitForAsync();
            await desktop.WipeAsync();
            await page.Keyboard.PressAsync("Enter");
            await desktop.PromptAsync(seconds: 20);
        }
    }

    private static async Task HasShellAsync(StreamSpaceClient client, string session)
    {
        for (var left = 150; ; left--)
        {
            if ((await client.Sessions.ProcessesAsync(session, Ct)).Any(p => p.Command.Contains("bash", StringComparison.Ordinal)))
                return;
            if (left == 0)
                throw new TimeoutException("The session has no shell.");
            await Task.Delay(200);
        }
    }

    private static async Task FreezeAndWakeAsync(StreamSpaceClient client, IPage page, string session, Desktop desktop)
    {
        await client.Sessions.FreezeAsync(session, Ct);
        Assert.Equal(Phases.Frozen, (await client.UntilAsync(session, [Phases.Frozen], _ => { }, Ct)).Phase);
        await page.GetByText("Press any key").WaitForAsync();

        await page.Keyboard.PressAsync("Enter");

        Assert.Equal(Phases.Running, (await client.UntilAsync(session, [Phases.Running], _ => { }, Ct)).Phase);
        var before = await desktop.LookAsync();
        await desktop.TypeAsync("echo thawed");
        await desktop.ChangedAsync(before);
    }

    private async Task KilledAsync(string runtime)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = runtime });
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await page.GotoAsync("/catalogue");
            var (session, desktop) = await page.LaunchTerminalAsync(runtime);
            await desktop.ClickAsync();
            await desktop.TypeAsync("echo $$ > shell");
            var shell = await HomeFiles.ReadAsync(server, runtime, session, "shell");

            // Opened anew the first picture is a window of one colour with a line of text: that is a picture, and nothing lies over it.
            await page.ReloadAsync();
            await desktop.PromptAsync();
            await page.Locator("main[data-scene=clear]").WaitForAsync(new LocatorWaitForOptions { Timeout = 500 });
            await page.EvaluateAsync("() => { window.neverReloaded = true; }");

            await server.KillAsync();
            await Task.Delay(1500);
            await server.StartAgainAsync();

            // The same page, the same shell: nothing was reloaded and nothing was started anew.
            await ResumedAsync(page, desktop);
            await desktop.TypeAsync("echo $$ > again");
            Assert.Equal(shell, await HomeFiles.ReadAsync(server, runtime, session, "again"));
            Assert.True(await page.EvaluateAsync<bool>("() => window.neverReloaded === true"));
        }
        catch (Exception)
        {
            await witness.TestifyAsync($"failed-killed-{runtime}");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task ResumedAsync(IPage page, Desktop desktop)
    {
        await page.Locator("main[data-scene=clear]").WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
        await desktop.VisibleAsync();
        await desktop.ClickAsync();
    }
}
