using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using StreamSpace.Bench.Proxy;
using StreamSpace.Bench.Sessions;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Kernel;
using StreamSpace.Recordings;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Rfb.Recording;
using StreamSpace.Testing;

namespace StreamSpace.Bench.Recordings;

/// <summary>
/// From a click on the timeline of a recording of two hours to the right picture in Chromium. The recording is made of takes of a real desktop that scrolls,
/// each three seconds spread over a minute; rows and files are written by the server's own code. What is right is told by our own decoder, in a thousand points.
/// </summary>
internal static class SeekBench
{
    private const int Segments = 120;
    private const int Takes = 8;

    // Beginning at the moment that the browser says the button went down; looked at before each frame is painted.
    private const string Watching =
        """
        ({ takes, across, down, segment }) => {
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const frames = takes.map((take) => take.map((frame) => ({ at: frame.at, points: bytes(frame.points) })));
          const canvas = () => [...document.querySelectorAll('[data-testid=player] canvas')].filter((c) => c.width > 100 && getComputedStyle(c).visibility === 'visible').at(-1);
          const shows = (points) => {
            const c = canvas();
            if (!c) return 0;
            const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
            let right = 0;
            for (let i = 0; i < across * down; i++) {
              const x = Math.floor((2 * (i % across) + 1) * c.width / (2 * across)), y = Math.floor((2 * Math.floor(i / across) + 1) * c.height / (2 * down));
              const at = 4 * (y * c.width + x);
              if ([0, 1, 2].every((k) => Math.abs(data[at + k] - points[3 * i + k]) <= 80)) right++;
            }
            return right / (across * down);
          };
          window.ssSeek = () => new Promise((resolve) => {
            let pressed = 0, wanted = null, best = 0, offset = 0;
            const range = document.querySelector('input[type=range]');
            window.addEventListener('pointerdown', (e) => { pressed = e.timeStamp; }, { capture: true, once: true });
            range.addEventListener('input', () => {
              const ms = range.valueAsNumber, number = Math.min(Math.floor(ms / segment), Math.floor((Number(range.max) - 1) / segment));
              offset = Math.max(ms - number * segment, 500);
              wanted = frames[number % frames.length].filter((frame) => frame.at <= offset).at(-1).points;
              if (shows(wanted) > 0.97) { wanted = null; resolve([-1, 1, offset]); }
            }, { capture: true, once: true });
            const until = performance.now() + 8000;
            const look = () => {
              if (wanted) {
                const right = shows(wanted);
                best = Math.max(best, right);
                if (right > 0.97) { resolve([performance.now() - pressed, best, offset]); return; }
              }
              if (performance.now() > until) resolve([-2, best, offset]);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          });
        }
        """;

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        var takes = new List<Take>();
        using (var desktop = await ScrollingDesktop.StartAsync(ct))
        {
            for (var i = 0; i < Takes; i++)
                takes.Add(await Take.RecordAsync(desktop.Port, ct));
        }

        TellApart(takes);
        await using var app = await TestApp.StartAsync(options =>
        {
            var web = Path.Combine(Path.GetDirectoryName(Checkout.Server)!, "wwwroot");
            if (File.Exists(Path.Combine(web, "index.html")))
                options.Settings["Web"] = web;
        });
        var (recording, bytes) = await MakeAsync(app.Services, takes, ct);
        var chromium = new Chromium();
        await chromium.InitializeAsync();
        try
        {
            var page = await chromium.LogInAsync(app.Address, TestApp.AdminName, TestApp.Password);
            await page.GotoAsync($"/recordings/{recording}");
            await page.Locator("[data-testid=player] canvas").First.WaitForAsync();
            await page.EvaluateAsync(Watching, new
            {
                takes = takes.Select(t => t.Frames.Select(f => new { at = f.At, points = Convert.ToBase64String(f.Points) }).ToArray()).ToArray(),
                across = Take.Across, down = Take.Down, segment = Take.SegmentMilliseconds,
            });
            await Task.Delay(2000, ct);
            var (samples, early, late) = await SeekAsync(page, n, ct);
            report.Add($"a recording of two hours ({bytes / 1e6:0} MB), a click on its timeline to the right picture", string.Create(CultureInfo.InvariantCulture,
                $"p50 {samples.P50:0}, p95 {samples.P95:0}, max {samples.Max:0} ms of {samples.Count}"), "p95 <= 300 ms", samples.P95 <= 300);
            report.Add("the same by the place within a segment, which is played from its start", string.Create(CultureInfo.InvariantCulture,
                $"p50 {early.P50:0} ms of {early.Count} in its first half, {late.P50:0} ms of {late.Count} in its second"));
        }
        finally
        {
            await chromium.DisposeAsync();
        }
    }

    /// <summary>A picture of another take must never pass for the right one.</summary>
    private static void TellApart(List<Take> takes)
    {
        for (var i = 0; i < takes.Count; i++)
        {
            foreach (var (one, other) in takes[i].Frames.SelectMany(one => takes.Skip(i + 1).SelectMany(t => t.Frames), (one, other) => (one, other)))
            {
                if (one.Agrees(other) > 0.9)
                    throw new InvalidOperationException("The desktop did not change enough to tell its pictures apart.");
            }
        }
    }

    private static async Task<(Samples All, Samples Early, Samples Late)> SeekAsync(IPage page, int n, CancellationToken ct)
    {
        Samples all = new(), early = new(), late = new();
        var range = await page.Locator("input[type=range]").BoundingBoxAsync() ?? throw new InvalidOperationException("There is no timeline.");
        var random = new Random(7);
        for (var i = -2; i < n; i++) // the first ones compile the player and do not count
        {
            var seeing = page.EvaluateAsync<double[]>("() => window.ssSeek()"); // milliseconds or what went wrong, the largest share of right points, where in its segment
            await Task.Delay(200, ct);
            await page.Mouse.ClickAsync(range.X + 12 + ((range.Width - 24) * random.NextSingle()), range.Y + (range.Height / 2));
            var (took, best, offset) = await seeing is [var first, var second, var third] ? (first, second, third) : throw new InvalidOperationException("The page said nothing.");
            if (took == -2)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The right picture did not come within eight seconds; {100 * best:0} % of it at best."));
            if (took < 0)
                i--; // the same picture as before: that shows nothing
            else if (i >= 0)
                (offset < Take.SegmentMilliseconds / 2 ? early : late).Add(took);
            if (took >= 0 && i >= 0)
                all.Add(took);
            await Task.Delay(300, ct); // a person looks for a moment, and the segment behind is fetched
        }

        return (all, early, late);
    }

    /// <summary>A recording that has ended, with its segments, as the recorder leaves one.</summary>
    private static async Task<(string Id, long Bytes)> MakeAsync(IServiceProvider services, List<Take> takes, CancellationToken ct)
    {
        var shelf = services.GetRequiredService<SegmentShelf>();
        var book = services.GetRequiredService<SegmentBook>();
        var databases = services.GetRequiredService<IDbContextFactory<RecordingsDb>>();
        var began = TimeProvider.System.GetUtcNow().AddMinutes(-Segments);
        var session = new RecordedSession(SessionId.New(), "two-hours", UserId.New(), "bench", "terminal", SessionPhase.Running);
        var terms = new RecordingTerms(10, 30, AllowPlayback: true, AllowDownload: true, Silent: false);
        var recording = Recording.Start(session, Caller.System("bench"), null, terms, shelf.NewKey(), began).Value;
        recording.End("stopped", Segments * Take.SegmentMilliseconds, began.AddMinutes(Segments));
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            db.Add(recording);
            await db.SaveChangesAsync(ct);
        }

        var (previous, bytes) = ((string?)null, 0L);
        for (var number = 1; number <= Segments; number++)
        {
            var take = takes[(number - 1) % takes.Count];
            var header = new SegmentHeader(
                SegmentFormat.Version, recording.Id.ToString(), session.Id.ToString(), number, began.AddMinutes(number - 1), take.Init.Width, take.Init.Height, RecordedFormat.Of(SegmentTake.Rgbx), previous);
            await book.OpenAsync(recording.Id, header, ct);
            using var file = shelf.Create(recording.Id, recording.Key, number);
            var writer = Write(header, take, file, number == Segments ? "stopped" : "next");
            await book.NoteAsync(recording.Id, number, writer.Index, writer.Length, writer.Digest, number == Segments ? "stopped" : "next", ct);
            (previous, bytes) = (writer.Digest, bytes + writer.Length);
        }

        return (recording.Id.ToString(), bytes);
    }

    /// <summary>Twice a second a block, as the recorder does it.</summary>
    private static SegmentWriter Write(SegmentHeader header, Take take, SegmentFile file, string reason)
    {
        var writer = new SegmentWriter(header);
        writer.Display(TimeSpan.Zero, take.Init.ToBytes());
        var next = 0;
        for (var at = 0; at < Take.SegmentMilliseconds; at += 500)
        {
            for (; next < take.Frames.Count && take.Frames[next].At < at + 500; next++)
                writer.Display(TimeSpan.FromMilliseconds(take.Frames[next].At), take.Frames[next].Bytes);
            writer.Tick(TimeSpan.FromMilliseconds(at + 499));
            Hand(writer, file);
        }

        writer.Close(TimeSpan.FromMilliseconds(Take.SegmentMilliseconds), reason);
        Hand(writer, file);
        file.Sync();
        return writer;
    }

    private static void Hand(SegmentWriter writer, SegmentFile file)
    {
        file.Append(writer.Pending.Span);
        writer.Written();
    }
}
