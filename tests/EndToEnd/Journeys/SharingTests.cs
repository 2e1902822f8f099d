using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>Two people and one desktop: Ada shares it from the dialog, Bob looks, then works in it, then is shown out. Neither loads a page again.</summary>
public sealed class SharingTests(Chromium chromium) : IClassFixture<Chromium>
{
    // Both pages run on this machine, so their clocks are one.
    private const string Clock =
        """
        window.__closedAt = 0; window.__endedAt = 0;
        const Socket = window.WebSocket;
        window.WebSocket = new Proxy(Socket, {
          construct(target, args) {
            const socket = new target(...args);
            if (String(args[0]).includes('/stream')) socket.addEventListener('close', () => { window.__closedAt = Date.now(); });
            return socket;
          },
        });
        const send = window.fetch;
        window.fetch = async (...args) => {
          const answer = await send(...args);
          const { method, url } = args[0] instanceof Request ? args[0] : { method: args[1]?.method ?? 'GET', url: String(args[0]) };
          if (method === 'DELETE' && url.includes('/shares/')) window.__endedAt = Date.now();
          return answer;
        };
        """;

    [RequiresFact("chromium", "local")]
    public async Task A_guest_looks_then_types_and_is_cut_within_a_second_of_being_removed()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var client = await server.LogInAsync())
            await client.Users.CreateAsync(new NewUser("bob", ServerProcess.Password, "bob@example.org", "Bob Bemer"), CancellationToken.None);
        var ada = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var bob = await chromium.LogInAsync(server.Address, "bob", ServerProcess.Password);
        var (adasWitness, bobsWitness) = (new Witness(ada), new Witness(bob));
        await ada.Context.AddInitScriptAsync(Clock);
        await bob.Context.AddInitScriptAsync(Clock);
        try
        {
            await bob.GotoAsync("/shared");
            await bob.GetByText("Nobody shares a session with you").WaitForAsync();
            await PictureAsync(bob, "shared-empty");
            var (_, adas) = await ada.LaunchTerminalAsync();
            var bobs = new Desktop(bob);

            await GiveAsync(ada);
            await LookAsync(bob, bobs);
            await SeesOnlyAsync(ada, adas, bob, bobs);
            await RaiseAsync(ada, bob);
            await TypesAsync(adas, bobs);
            await RemoveAsync(ada, bob);
        }
        catch (Exception)
        {
            await adasWitness.TestifyAsync("failed-sharing-ada");
            await bobsWitness.TestifyAsync("failed-sharing-bob");
            throw;
        }
        finally
        {
            await bob.Context.CloseAsync();
            await ada.Context.CloseAsync();
        }
    }

    [RequiresFact("chromium", "local")]
    public async Task The_dialog_is_reached_from_a_card_says_what_is_wrong_and_fits_a_phone_in_German_and_in_the_dark()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var client = await server.LogInAsync())
        {
            await client.Users.CreateAsync(new NewUser("bob", ServerProcess.Password, "bob@example.org", "Bob Bemer, der einen ungewöhnlich langen Namen trägt"), CancellationToken.None);
            var made = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "quarterly-figures-with-a-name-that-is-rather-long-for-one" }, CancellationToken.None);
            await client.UntilAsync(made.Id, [Phases.Running], _ => { }, CancellationToken.None);
            await client.Sessions.ShareAsync(made.Id, new NewShare { Username = "bob", Level = "view", ExpiresIn = "4h", Note = "Bitte nur ansehen" }, CancellationToken.None);
        }

        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            var name = $"{width}-{scheme.ToString().ToLowerInvariant()}";
            var ada = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password, width, width < 600 ? 844 : 900, scheme);
            var witness = new Witness(ada);
            try
            {
                if (scheme == ColorScheme.Dark)
                    await ada.EvaluateAsync("() => localStorage.setItem('streamspace.language', 'de')");
                await ada.GotoAsync("/sessions");
                var german = scheme == ColorScheme.Dark;
                await ada.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = german ? "Sitzungen" : "Sessions", Exact = true }).WaitForAsync();
                await ada.GetByRole(AriaRole.Article).GetByRole(AriaRole.Button).First.ClickAsync();
                await ada.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = german ? "Teilen …" : "Share…" }).ClickAsync();
                var dialog = ada.GetByRole(AriaRole.Dialog);
                await dialog.GetByRole(AriaRole.List).GetByText("Bob Bemer").WaitForAsync();
                await dialog.GetByRole(AriaRole.Textbox).First.FillAsync("nobody");
                await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = german ? "Teilen" : "Share", Exact = true }).ClickAsync();
                await dialog.GetByText(german ? "Niemand heißt so." : "There is nobody of this name.").WaitForAsync();
                await ada.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"share-dialog-{name}.png") });
                await SoundAsync(ada);
                Assert.Equal(0, await ada.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));
                Assert.Equal(0, await dialog.EvaluateAsync<int>("d => Math.max(0, d.scrollWidth - d.clientWidth)"));
            }
            catch (Exception)
            {
                await witness.TestifyAsync($"failed-share-dialog-{name}");
                throw;
            }
            finally
            {
                await ada.Context.CloseAsync();
            }
        }
    }

    private static async Task GiveAsync(IPage ada)
    {
        await ToolbarAsync(ada);
        await ada.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Share…", Exact = true }).ClickAsync();
        var dialog = ada.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Only you. Nobody else sees this session.").WaitForAsync();
        await dialog.GetByLabel("Username or e-mail address").FillAsync("bob@example.org");
        await dialog.GetByLabel("Note").FillAsync("Have a look at this");
        await PictureAsync(ada, "share-dialog");
        await SoundAsync(ada);
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Share", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Who has access" }).GetByText("Bob Bemer").WaitForAsync();
        await PictureAsync(ada, "share-dialog-given");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close" }).ClickAsync();
    }

    private static async Task LookAsync(IPage bob, Desktop bobs)
    {
        // He is where nothing was, and finds it there without loading the page.
        var card = bob.GetByRole(AriaRole.Article);
        await card.GetByText("View only").WaitForAsync();
        await card.GetByText("Have a look at this").WaitForAsync();
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await bob.SetViewportSizeAsync(width, height);
                await bob.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await bob.WaitForTimeoutAsync(300);
                await bob.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"shared-{width}-{scheme.ToString().ToLowerInvariant()}.png") });
                await SoundAsync(bob);
            }
        }

        await bob.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await bob.SetViewportSizeAsync(1440, 900);
        await DetailsAsync(bob, card);
        await card.GetByRole(AriaRole.Link).First.ClickAsync();
        await bob.WaitForURLAsync("**/sessions/*/view");
        await bobs.VisibleAsync();
        await bobs.PromptAsync();
    }

    /// <summary>The session's page shows a guest the picture and the facts, and asks the server for nothing that is not theirs.</summary>
    private static async Task DetailsAsync(IPage bob, ILocator card)
    {
        var refused = new List<string>();
        bob.Response += Note;
        await card.GetByRole(AriaRole.Button).First.ClickAsync();
        foreach (var action in new[] { "Share…", "Hibernate", "Freeze", "End" })
            Assert.Equal((action, 0), (action, await bob.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = action, Exact = true }).CountAsync()));
        await bob.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Leave this session" }).WaitForAsync();
        await bob.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Details" }).ClickAsync();
        await bob.WaitForURLAsync(url => url.Contains("/sessions/", StringComparison.Ordinal));
        await bob.GetByRole(AriaRole.Tab).First.WaitForAsync();
        Assert.Equal(1, await bob.GetByRole(AriaRole.Tab).CountAsync());
        await bob.WaitForTimeoutAsync(800);
        await PictureAsync(bob, "session-guest");
        await SoundAsync(bob);
        await bob.GoBackAsync();
        await card.WaitForAsync();
        bob.Response -= Note;
        Assert.Empty(refused);

        void Note(object? sender, IResponse answer)
        {
            if (answer.Status is 403 or 404)
                refused.Add($"{answer.Status} {answer.Url}");
        }
    }

    private static async Task SeesOnlyAsync(IPage ada, Desktop adas, IPage bob, Desktop bobs)
    {
        await ToolbarAsync(bob);
        var badge = bob.Locator("[data-testid=shared-level]");
        await badge.WaitForAsync();
        Assert.Contains("View only", await badge.InnerTextAsync(), StringComparison.Ordinal);
        foreach (var tool in new[] { "Keyboard", "Files", "Share…" })
            Assert.Equal((tool, 0), (tool, await bob.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = tool, Exact = true }).CountAsync()));
        await PictureAsync(bob, "viewer-shared");
        await bob.SetViewportSizeAsync(390, 844);
        await bob.WaitForTimeoutAsync(300);
        await PictureAsync(bob, "viewer-shared-390");
        await SoundAsync(bob);
        await bob.SetViewportSizeAsync(1440, 900);
        await ada.Mouse.MoveAsync(720, 500);
        var before = await adas.StillAsync();
        await bobs.ClickAsync(0.3);
        await bobs.TypeAsync("seq 1 40");
        await Task.Delay(1000);
        Assert.Equal(0, (await adas.LookAsync()).Differences(before));

        // What Ada does he sees.
        var his = await bobs.LookAsync();
        await adas.ClickAsync(0.3);
        await adas.TypeAsync("echo hello");
        await bobs.ChangedAsync(his);
    }

    private static async Task RaiseAsync(IPage ada, IPage bob)
    {
        await ToolbarAsync(ada);
        await ada.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Share…", Exact = true }).ClickAsync();
        await ada.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox, new LocatorGetByRoleOptions { Name = "What Bob Bemer may do" }).Or(ada.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "What Bob Bemer may do" })).ClickAsync();
        await ada.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = "Full control" }).ClickAsync();
        await ToolbarAsync(bob);
        await bob.Locator("[data-testid=shared-level]").Filter(new LocatorFilterOptions { HasText = "Full control" }).WaitForAsync();
        await bob.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keyboard", Exact = true }).WaitForAsync();
    }

    private static async Task TypesAsync(Desktop adas, Desktop bobs)
    {
        var before = await adas.StillAsync();
        await bobs.ClickAsync(0.3, 0.6);
        await bobs.TypeAsync("seq 1 40");
        await adas.ChangedAsync(before);
    }

    private static async Task RemoveAsync(IPage ada, IPage bob)
    {
        await ada.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "End access of Bob Bemer" }).ClickAsync();
        await bob.GetByRole(AriaRole.Alertdialog).GetByText("This session is no longer shared with you").WaitForAsync();
        var (ended, closed) = (await ada.EvaluateAsync<long>("() => window.__endedAt"), await bob.EvaluateAsync<long>("() => window.__closedAt"));
        Assert.True(ended > 0 && closed > 0, $"{ended} {closed}");
        await File.WriteAllTextAsync(Path.Combine(Checkout.Artifacts, "share-cut.txt"), $"closed {closed - ended} ms after the answer to the removal");
        Assert.True(closed - ended <= 1000, $"closed {closed - ended} ms after the answer");
        await ada.GetByRole(AriaRole.Dialog).GetByText("Only you. Nobody else sees this session.").WaitForAsync();
        Assert.Equal(0, await bob.Locator("canvas").CountAsync()); // not even the last picture stays

        Assert.Equal(0, await bob.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Connect again" }).CountAsync());
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await bob.SetViewportSizeAsync(width, height);
            await bob.WaitForTimeoutAsync(300);
            await bob.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"viewer-unshared-{width}.png") });
            await SoundAsync(bob);
        }

        await bob.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Shared with me" }).ClickAsync();
        await bob.GetByText("Nobody shares a session with you").WaitForAsync();
    }

    private static async Task SoundAsync(IPage page)
    {
        var violations = await Axe.ViolationsAsync(page);
        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    private static async Task ToolbarAsync(IPage page)
    {
        await page.Mouse.MoveAsync(720, 300);
        await page.Mouse.MoveAsync(720, 2);
    }

    private static Task PictureAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, name + ".png") });
}
