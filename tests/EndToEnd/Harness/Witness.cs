using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>Remembers what a page said, and writes it beside a picture of the page when a test fails.</summary>
internal sealed class Witness
{
    private readonly ConcurrentQueue<string> said = new();
    private readonly IPage page;

    public Witness(IPage page)
    {
        this.page = page;
        page.Console += (_, message) => said.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => said.Enqueue("error: " + error);
        page.WebSocket += (_, socket) =>
        {
            said.Enqueue("socket opened: " + socket.Url.Split('?')[0]);
            socket.Close += (_, _) => said.Enqueue("socket closed: " + socket.Url.Split('?')[0]);
        };
    }

    public async Task TestifyAsync(string name)
    {
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, name + ".png") });
        var state = await page.EvaluateAsync<string>(
            """
            async () => JSON.stringify({
              address: location.pathname,
              focus: document.activeElement?.outerHTML.slice(0, 150),
              viewers: await fetch(location.pathname.replace('/sessions/', '/api/v1/sessions/').replace('/view', '/viewers')).then(r => r.text()).catch(String),
              scene: document.querySelector('main')?.dataset.scene,
              canvases: [...document.querySelectorAll('canvas')].map(c => ({ width: c.width, height: c.height, shown: c.clientWidth + 'x' + c.clientHeight, middle: c.width ? [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data] : [] })),
            })
            """);
        await File.WriteAllLinesAsync(Path.Combine(Checkout.Artifacts, name + ".txt"), said.Append(state));
    }
}
