using System.Diagnostics;
using Microsoft.Playwright;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>
/// An administrator has a watermark drawn; it lies over a real desktop, follows the policy while somebody looks, and whoever takes it away loses the
/// picture. The page's scripts here are those of somebody who came first and keeps what the page wants to hide.
/// </summary>
public sealed class WatermarkTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Policy = "Marked desktops";

    /// <summary>What a script can do, and what the administrator reads then.</summary>
    private static readonly (string Words, string Script)[] Ways =
    [
        ("was removed", "() => layer().remove()"),
        ("was changed", "() => layer().style.setProperty('opacity', '0', 'important')"),
        ("was erased", "() => layer().getContext('2d').clearRect(0, 0, 9999, 9999)"),
        ("was covered", "() => { const box = document.createElement('div'); box.style.cssText = 'position:fixed;inset:0;background:#222;pointer-events:none'; document.body.append(box); window.added = box; }"),
        ("no longer lies over the picture", "() => document.body.append(window.added = document.querySelector('[data-testid=screen] canvas'))"),
    ];

    [RequiresFact("chromium", "local")]
    public async Task A_watermark_lies_over_the_desktop_follows_its_policy_and_cannot_be_taken_away()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Environment = new() { ["Streaming__WatermarkAskEvery"] = "00:00:01", ["Streaming__WatermarkPatience"] = "00:00:03" } });
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            await page.AddInitScriptAsync(
                """
                const attach = Element.prototype.attachShadow;
                window.roots = [];
                Element.prototype.attachShadow = function (init) { const root = attach.call(this, init); window.roots.push(root); return root; };
                window.layer = () => window.roots.find((root) => root.host.isConnected)?.querySelector('canvas');
                window.ink = () => { const c = window.layer(); if (!c || !c.width) return 0; const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++; return n; };
                """);
            await MakePolicyAsync(page);
            var (_, desktop) = await page.LaunchTerminalAsync();

            // It lies over the desktop: painted, as large as the picture's place, and seen on the screen.
            await InkAsync(page);
            Assert.True(await page.EvaluateAsync<bool>("() => { const a = layer().getBoundingClientRect(), b = document.querySelector('[data-testid=screen]').getBoundingClientRect(); return a.width === b.width && a.height === b.height; }"));
            await desktop.StillAsync();
            var first = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "watermark-viewer.png") });

            // Another text, while somebody looks.
            await page.EvaluateAsync("() => { window.before = layer().toDataURL(); }");
            var took = await ChangePolicyAsync(page, "changed for {user}");
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
            await InkAsync(page);
            var second = await page.ScreenshotAsync();
            Assert.InRange(await DifferencesAsync(page, first, second), 500, int.MaxValue);

            // A desktop under it works as before.
            await desktop.ClickAsync();
            var shown = await desktop.LookAsync();
            await desktop.TypeAsync("echo under the mark");
            await desktop.ChangedAsync(shown);

            // Whatever is done to it, the picture goes too, at once, and the person is told. Connected again it is back.
            foreach (var (_, script) in Ways)
            {
                await page.EvaluateAsync(script);
                await StoppedAsync(page);
                await page.EvaluateAsync("() => window.added?.remove()");
                await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Connect again" }).ClickAsync();
                await desktop.VisibleAsync();
                await InkAsync(page);
            }

            // A script that keeps the page from telling does not keep the server from asking.
            await page.EvaluateAsync("() => { const send = WebSocket.prototype.send; WebSocket.prototype.send = function (data) { if (typeof data !== 'string') send.call(this, data); }; }");
            await StoppedAsync(page);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "watermark-stopped.png") });

            await page.GotoAsync("/admin/protection?part=violations");
            foreach (var words in Ways.Select(w => $"it {w.Words}").Append("the viewer did not confirm it"))
                await page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = $"Watermark: {words}" }).First.GetByText("High").WaitForAsync();
        }
        catch (Exception)
        {
            await witness.TestifyAsync("failed-watermark");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task MakePolicyAsync(IPage page)
    {
        await page.GotoAsync("/admin/protection");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = false }).First.FillAsync(Policy);
        await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "Draw a watermark over the picture" }).ClickAsync();
        var fields = page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Watermark", Exact = true });
        await fields.GetByLabel("Text", new LocatorGetByLabelOptions { Exact = true }).FillAsync("{user} at {place}");
        await fields.GetByText("{place} is not known.").WaitForAsync();
        await fields.GetByLabel("Text", new LocatorGetByLabelOptions { Exact = true }).FillAsync("{user} ");
        await fields.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Insert {ip}" }).ClickAsync();
        await InkAsync(page); // the preview
        await fields.ScreenshotAsync(new LocatorScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, "watermark-preview.png") });
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = Policy, Exact = true }).WaitForAsync();
    }

    /// <summary>Changes the text in another tab, and tells how long the open viewer needed to follow.</summary>
    private static async Task<TimeSpan> ChangePolicyAsync(IPage viewer, string text)
    {
        var page = await viewer.Context.NewPageAsync();
        await page.GotoAsync("/admin/protection");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = Policy, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Watermark", Exact = true }).GetByLabel("Text", new LocatorGetByLabelOptions { Exact = true }).FillAsync(text);
        var watch = Stopwatch.StartNew();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await viewer.WaitForFunctionAsync("() => layer() && layer().toDataURL() !== window.before", null, new PageWaitForFunctionOptions { PollingInterval = 50 });
        var took = watch.Elapsed;
        await page.CloseAsync();
        await viewer.BringToFrontAsync();
        return took;
    }

    private static Task InkAsync(IPage page) => page.WaitForFunctionAsync("() => ink() > 500", null, new PageWaitForFunctionOptions { PollingInterval = 100 });

    private static async Task StoppedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Alertdialog, new PageGetByRoleOptions { Name = "The stream was stopped" }).WaitForAsync();
        Assert.Equal(0, await page.Locator("[data-testid=screen] canvas").CountAsync());
    }

    /// <summary>How many pixels of two pictures of the screen differ.</summary>
    private static Task<int> DifferencesAsync(IPage page, byte[] one, byte[] other) => page.EvaluateAsync<int>(
        """
        async ([one, other]) => {
          const read = async (data) => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + data;
            await image.decode();
            const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height).data;
          };
          const [a, b] = [await read(one), await read(other)];
          let n = 0;
          for (let i = 0; i < a.length; i += 4) if (Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]) > 40) n++;
          return n;
        }
        """, new[] { Convert.ToBase64String(one), Convert.ToBase64String(other) });
}
