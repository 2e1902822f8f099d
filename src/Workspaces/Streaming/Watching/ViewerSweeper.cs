using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Watching;

/// <summary>The clock of all viewers of this replica: pings, figures, moving pictures, signs of life, dead replicas' leftovers. At the server's end it says goodbye to all.</summary>
internal sealed partial class ViewerSweeper(
    ViewerBook book, RightsWatch rights, DisplayOpener displays, StreamMetrics metrics, IHostApplicationLifetime lifetime, IOptions<StreamingOptions> options, TimeProvider clock, ILogger<ViewerSweeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly Dictionary<Viewer, (long In, long Out, long Updates)> _counted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var goodbye = lifetime.ApplicationStopping.Register(EndAll);
        using var timer = new PeriodicTimer(Beat, clock);
        var settings = options.Value;
        var pictures = new MovingPictures(settings.PictureBytesPerSecond, settings.PictureSustainedFor);
        var looked = clock.GetTimestamp();
        for (var beat = 0L; !stoppingToken.IsCancellationRequested; beat++)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                foreach (var (_, relay) in book.Here)
                    _ = ProbeAsync(relay, settings);
                var here = book.Here.Select(v => v.Viewer).ToHashSet();
                Count(here);
                foreach (var session in pictures.Look(here, clock.GetElapsedTime(looked)))
                    _ = displays.TellPictureAsync(session);
                looked = clock.GetTimestamp();
                if (beat % 5 == 0)
                    await book.SignAsync(stoppingToken);
                if (beat % 10 == 0)
                    await book.SweepAsync(stoppingToken);
                if (beat % Math.Max(1, (long)settings.RecheckEvery.TotalSeconds) == 0)
                    await rights.RecheckAllAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
            }
        }
    }

    private static async Task ProbeAsync(ViewerRelay relay, StreamingOptions settings)
    {
        try
        {
            await relay.ProbeAsync(settings.PingEvery, settings.SilentFor);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or ViewerGone)
        {
            // The viewer ended in this moment.
        }
    }

    private void EndAll()
    {
        foreach (var (viewer, _) in book.Here)
            viewer.End(ViewerEnd.ServerStopped, "The server restarts. The viewer comes back by itself.");
    }

    /// <summary>Counters move by what was relayed since the last beat.</summary>
    private void Count(HashSet<Viewer> here)
    {
        long bytesIn = 0, bytesOut = 0, updates = 0;
        foreach (var viewer in here)
        {
            var seen = _counted.GetValueOrDefault(viewer);
            var now = (In: viewer.BytesIn, Out: viewer.BytesOut, viewer.Updates);
            bytesIn += now.In - seen.In;
            bytesOut += now.Out - seen.Out;
            updates += now.Updates - seen.Updates;
            _counted[viewer] = now;
        }
        foreach (var gone in _counted.Keys.Where(v => !here.Contains(v)).ToArray())
        {
            bytesIn += gone.BytesIn - _counted[gone].In;
            bytesOut += gone.BytesOut - _counted[gone].Out;
            updates += gone.Updates - _counted[gone].Updates;
            _counted.Remove(gone);
        }
        metrics.Relayed(bytesIn, bytesOut, updates);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The viewers' sweep failed and goes on: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
