using System.Text.Json;
using Microsoft.Playwright;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>The picture of a session as the viewer's canvas shows it, and the ways to act on it.</summary>
internal sealed class Desktop(IPage page)
{
    private const string Canvas = "canvas";

    /// <summary>Waits until the picture shows more than one colour.</summary>
    public async Task VisibleAsync(int seconds = 60)
    {
        await page.WaitForFunctionAsync(
            """
            () => {
              const canvas = [...document.querySelectorAll('canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
              if (!canvas || canvas.width < 100) return false;
              const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              const seen = new Set();
              for (let i = 0; i < data.length; i += 4 * 97) { seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]); if (seen.size > 3) return true; }
              return false;
            }
            """, null, new PageWaitForFunctionOptions { Timeout = seconds * 1000, PollingInterval = 250 });
    }

    /// <summary>
    /// Waits until a terminal shows its prompt, which is green and stands at the top left: the background is painted before any
    /// window is, and what is typed until then reaches nobody.
    /// </summary>
    public async Task PromptAsync(int seconds = 60)
    {
        await page.WaitForFunctionAsync(
            """
            () => {
              const canvas = [...document.querySelectorAll('canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
              if (!canvas || canvas.width < 100) return false;
              const data = canvas.getContext('2d').getImageData(0, 0, 300, 200).data;
              let green = 0;
              for (let i = 0; i < data.length; i += 4) if (data[i + 1] > 150 && data[i + 1] > data[i] + 40 && data[i + 1] > data[i + 2] + 40) green++;
              return green > 40;
            }
            """, null, new PageWaitForFunctionOptions { Timeout = seconds * 1000, PollingInterval = 250 });
    }

    /// <summary>Blackens the page's copy of the picture, so that only what is painted from now on counts.</summary>
    public Task WipeAsync() => page.EvaluateAsync(
        """
        () => {
          const canvas = [...document.querySelectorAll('canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
          canvas.getContext('2d').fillRect(0, 0, canvas.width, canvas.height);
        }
        """);

    /// <summary>The picture's pixels, 24 bit each, row by row.</summary>
    public async Task<Picture> LookAsync()
    {
        var raw = await page.EvaluateAsync<JsonElement>(
            """
            () => {
              const canvas = [...document.querySelectorAll('canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
              const { width, height } = canvas;
              const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
              let text = '';
              for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode.apply(null, data.subarray(i, i + 32768));
              return { width, height, data: btoa(text) };
            }
            """);
        return new Picture(raw.GetProperty("width").GetInt32(), raw.GetProperty("height").GetInt32(), raw.GetProperty("data").GetBytesFromBase64());
    }

    /// <summary>Gives the desktop the keyboard by a click into its middle; press and release stand apart, as a finger's do.</summary>
    public async Task ClickAsync(double x = 0.5, double y = 0.5)
    {
        var box = await page.Locator(Canvas).First.BoundingBoxAsync() ?? throw new InvalidOperationException("No picture to click into.");
        await FreeAsync(box.X + box.Width * x, box.Y + box.Height * y);
        await page.Mouse.MoveAsync((float)(box.X + box.Width * x), (float)(box.Y + box.Height * y));
        await page.Mouse.DownAsync();
        await Task.Delay(80);
        await page.Mouse.UpAsync();
        await Task.Delay(150);
    }

    /// <summary>Waits, as a person does, until nothing lies over the picture there; a click before would be the other thing's. Says what it was when it stays.</summary>
    private async Task FreeAsync(double x, double y)
    {
        for (var left = 30; ; left--)
        {
            var top = await page.EvaluateAsync<string>(
                "([x, y]) => { const e = document.elementFromPoint(x, y); return e instanceof HTMLCanvasElement ? '' : `${e?.outerHTML.slice(0, 300)} in scene ${document.querySelector('main')?.dataset.scene}`; }",
                new[] { x, y });
            if (top.Length == 0)
                return;
            if (left == 0)
                throw new TimeoutException($"Over the picture lies {top}");
            await Task.Delay(100);
        }
    }

    public async Task TypeAsync(string text)
    {
        await page.Keyboard.TypeAsync(text, new KeyboardTypeOptions { Delay = 25 });
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Waits until the picture differs from an earlier one in at least this many pixels.</summary>
    public async Task<Picture> ChangedAsync(Picture before, int pixels = 40, int seconds = 20)
    {
        for (var left = seconds * 10; ; left--)
        {
            var now = await LookAsync();
            if (now.Differences(before) >= pixels)
                return now;
            if (left == 0)
                throw new TimeoutException($"The picture did not change: {now.Differences(before)} pixels differ.");
            await Task.Delay(100);
        }
    }

    /// <summary>The picture once it has not changed for a moment.</summary>
    public async Task<Picture> StillAsync()
    {
        await Task.Delay(400);
        var before = await LookAsync();
        for (var left = 60; left > 0; left--)
        {
            await Task.Delay(250);
            var now = await LookAsync();
            if (now.Differences(before) == 0)
                return now;
            before = now;
        }

        throw new TimeoutException("The picture never stood still.");
    }
}

/// <summary>Pixels of a desktop, RGBA.</summary>
internal sealed record Picture(int Width, int Height, byte[] Data)
{
    public int Differences(Picture other, int tolerance = 24)
    {
        if (Width != other.Width || Height != other.Height)
            return Width * Height;
        var different = 0;
        for (var i = 0; i < Data.Length; i += 4)
        {
            if (Math.Abs(Data[i] - other.Data[i]) + Math.Abs(Data[i + 1] - other.Data[i + 1]) + Math.Abs(Data[i + 2] - other.Data[i + 2]) > tolerance)
                different++;
        }

        return different;
    }
}
