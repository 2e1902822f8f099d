using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Pages;

/// <summary>
/// Every page at the sizes and in the schemes people use: no violation of accessibility rules, no error in the console, nothing wider
/// than the screen. The pictures are kept as artifacts; STREAMSPACE_UPDATE_IMAGES=1 also refreshes those of the README.
/// </summary>
public sealed class PagesTests(Chromium chromium, Inhabited house) : IClassFixture<Chromium>, IClassFixture<Inhabited>
{
    [RequiresTheory("chromium", "local")]
    [InlineData(1440, "light", "en")]
    [InlineData(1440, "dark", "en")]
    [InlineData(390, "light", "en")]
    [InlineData(390, "dark", "en")]
    [InlineData(390, "light", "de")]
    public async Task Every_page_is_sound(int width, string scheme, string language)
    {
        var page = await chromium.LogInAsync(house.Server.Address, ServerProcess.AdminName, ServerProcess.Password, width, width < 600 ? 844 : 900, scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        await page.EvaluateAsync("language => localStorage.setItem('streamspace.language', language)", language);
        var problems = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add($"{page.Url}: console: {message.Text}");
        };
        foreach (var (name, path) in house.Pages)
            problems.AddRange(await LookAsync(page, name, path, width, language == "en" ? scheme : $"{scheme}-{language}"));
        Assert.Equal(language, await page.EvaluateAsync<string>("() => document.documentElement.lang"));
        await page.Context.CloseAsync();
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    [RequiresTheory("chromium", "local")]
    [InlineData("/login", "login")]
    [InlineData("/setup", "setup")]
    public async Task Pages_before_the_login_are_sound(string path, string name)
    {
        await using var fresh = await ServerProcess.StartAsync(new ServerSettings { WithAdmin = path != "/setup" });
        var problems = new List<string>();
        foreach (var (width, scheme) in new[] { (1440, "light"), (1440, "dark"), (390, "light"), (390, "dark") })
        {
            var page = await chromium.OpenAsync(fresh.Address, width, width < 600 ? 844 : 900, scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
            problems.AddRange(await LookAsync(page, name, path, width, scheme));
            await page.Context.CloseAsync();
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    [RequiresFact("chromium", "local")]
    public async Task A_page_in_German_has_no_English_left_in_its_navigation()
    {
        var page = await chromium.LogInAsync(house.Server.Address, ServerProcess.AdminName, ServerProcess.Password);
        await page.EvaluateAsync(
            """
            async () => {
              const csrf = document.cookie.split('; ').find(c => c.includes('ss_csrf'))?.split('=')[1];
              await fetch('/api/v1/me/preferences', { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'X-StreamSpace-Client': 'web' }, body: JSON.stringify({ language: 'de' }) });
            }
            """);
        try
        {
            await page.GotoAsync("/sessions");
            await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sitzungen" }).First.WaitForAsync();
            Assert.Equal("de", await page.EvaluateAsync<string>("() => document.documentElement.lang"));
            Assert.Equal(0, await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Catalogue" }).CountAsync());
            Assert.Empty(await Axe.ViolationsAsync(page));
        }
        finally
        {
            await page.EvaluateAsync(
                """
                async () => {
                  const csrf = document.cookie.split('; ').find(c => c.includes('ss_csrf'))?.split('=')[1];
                  await fetch('/api/v1/me/preferences', { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'X-StreamSpace-Client': 'web' }, body: JSON.stringify({ language: 'en' }) });
                }
                """);
            await page.Context.CloseAsync();
        }
    }

    private static async Task<List<string>> LookAsync(IPage page, string name, string path, int width, string scheme)
    {
        await page.GotoAsync(path);
        await page.Locator("h1").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await page.WaitForFunctionAsync("() => document.querySelectorAll('[aria-busy=true], [class*=Skeleton]').length === 0");
        if (path.EndsWith("/view", StringComparison.Ordinal))
            await new Desktop(page).VisibleAsync();
        await page.WaitForTimeoutAsync(300);
        var picture = Path.Combine(Checkout.Artifacts, $"{name}-{width}-{scheme}.png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture });
        if (Environment.GetEnvironmentVariable("STREAMSPACE_UPDATE_IMAGES") == "1" && (name, width, scheme) is ("home", 1440, "light") or ("viewer", 1440, "dark") or ("catalogue", 1440, "dark") or ("catalogue", 390, "light"))
            File.Copy(picture, Path.Combine(Directory.CreateDirectory(Path.Combine(Checkout.Root, "docs/images")).FullName, Path.GetFileName(picture)), overwrite: true);
        var problems = (await Axe.ViolationsAsync(page)).Select(v => $"{name} {width} {scheme}: {v}").ToList();
        if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var wider)
            problems.Add($"{name} {width} {scheme}: {wider} px wider than the screen");
        return problems;
    }
}

/// <summary>A server with somebody in it: one running session, one hibernated, a second person.</summary>
public sealed class Inhabited : IAsyncLifetime
{
    internal ServerProcess Server { get; private set; } = null!;

    internal IReadOnlyList<(string Name, string Path)> Pages { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (Requirements.SkipReason("chromium", "local") is not null)
            return;
        var ct = CancellationToken.None;
        Server = await ServerProcess.StartAsync();
        using var client = await Server.LogInAsync();
        await client.Users.CreateAsync(new NewUser("grace", ServerProcess.Password, "grace@example.org", "Grace Hopper"), ct);
        var running = await client.Sessions.CreateAsync(new NewSession { Template = "desktop", Name = "morning-desk" }, ct);
        var asleep = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "notes" }, ct);
        await client.UntilAsync(running.Id, [Phases.Running], _ => { }, ct);
        await client.UntilAsync(asleep.Id, [Phases.Running], _ => { }, ct);
        await client.Sessions.HibernateAsync(asleep.Id, ct);
        await client.UntilAsync(asleep.Id, [Phases.Hibernated], _ => { }, ct);
        using (var grace = await Server.LogInAsync("grace"))
        {
            var shared = await grace.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "graces-notes" }, ct);
            await grace.UntilAsync(shared.Id, [Phases.Running], _ => { }, ct);
            await grace.Sessions.ShareAsync(shared.Id, new NewShare { Username = ServerProcess.AdminName, Level = "collaborate", ExpiresIn = "1d", Note = "The figures we talked about" }, ct);
        }

        var recording = await client.Recordings.StartAsync(running.Id, "for its pictures", ct);
        await Task.Delay(2500, ct);
        Pages =
        [
            ("home", "/"), ("catalogue", "/catalogue"), ("template", "/catalogue/terminal"), ("sessions", "/sessions"), ("session", $"/sessions/{running.Id}"),
            ("viewer", $"/sessions/{running.Id}/view"), ("session-asleep", $"/sessions/{asleep.Id}"), ("preferences", "/preferences"), ("logins", "/logins"),
            ("shared", "/shared"), ("recordings", "/recordings"), ("player", $"/recordings/{recording.Id}"), ("admin-recordings", "/admin/recordings"),
            ("admin-users", "/admin/users"), ("admin-teams", "/admin/teams"), ("admin-sessions", "/admin/sessions"), ("admin-audit", "/admin/audit"),
            ("admin-approvals", "/admin/approvals"), ("admin-protection", "/admin/protection"), ("admin-violations", "/admin/protection?part=violations"), ("admin-protection-figures", "/admin/protection?part=statistics"), ("admin-system", "/admin/system"), ("not-found", "/no/such/page"),
        ];
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
