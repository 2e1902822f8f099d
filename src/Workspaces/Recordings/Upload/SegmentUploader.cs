using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Upload;

/// <summary>
/// Brings closed segments of this shelf into the store. Map: (1) a few lanes take one segment each, upload it, have it verified, note that, and only
/// then remove the local file; (2) while the store is away all lanes pause; (3) each few seconds the claims are renewed, and an upload whose segment
/// was deleted is ended; (4) now and then the directory is compared with the database, which also finds what a killed process left.
/// </summary>
internal sealed partial class SegmentUploader(
    UploadQueue queue, ObjectStore store, SegmentShelf shelf, ShelfSweeper sweeper, StorePause pause, UploadMetrics metrics, RecordingsOptions options, RecordingsS3Options bucket,
    Instance instance, TimeProvider clock, ILogger<SegmentUploader> log) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sweeping = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestOfOne = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(RecordingId Recording, int Number), CancellationTokenSource> _inHand = new();
    private int _probing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Uploads)
            return;
        using var runsAs = CallerAccessor.RunAs(Caller.System("recordings.uploads"));
        await Task.Yield();
        await Task.WhenAll(
            [RepeatAsync(sweeper.SweepAsync, Sweeping, stoppingToken), RepeatAsync(BeatAsync, Beat, stoppingToken), ProbeAsync(stoppingToken),
             .. Enumerable.Range(0, bucket.Parallel).Select(_ => RepeatAsync(CarryAsync, TimeSpan.Zero, stoppingToken))]);
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, TimeSpan every, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var again = every;
            try
            {
                await work(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(log, e.Message);
                again = Beat;
            }
            catch (Exception)
            {
                return; // whatever breaks while this process ends, another one finds
            }
            if (again > TimeSpan.Zero)
                await Task.Delay(again, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tells at start and not with the first recording that the settings are wrong or the store is away; later, that it is back while nothing waits.</summary>
    private async Task ProbeAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _probing, 1) == 1)
            return;
        try
        {
            await store.ProbeAsync(instance.Name, ct);
            Well();
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Trouble(StoreTrouble.Of(e) with { StoreWide = true });
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }
    }

    /// <summary>(1) and (2)</summary>
    private async Task CarryAsync(CancellationToken ct)
    {
        if (pause.Left is { Ticks: > 0 } left)
        {
            await Task.Delay(left < Beat ? left : Beat, clock, ct);
            return;
        }
        if (await queue.TakeAsync(ct) is { } next)
            await UploadAsync(next, ct);
        else
        {
            if (pause.Problem is not null && (await queue.CountAsync(ct)).Segments == 0)
                await ProbeAsync(ct);
            await Task.Delay(Idle, clock, ct);
        }
    }

    private async Task UploadAsync(WaitingSegment segment, CancellationToken ct)
    {
        var place = (segment.Recording, segment.Number);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _inHand[place] = over;
        try
        {
            await store.StoreAsync(segment.Recording, segment.Number, shelf.PathOf(segment.Recording, segment.Number), over.Token);
            _inHand.TryRemove(place, out _);
            if (await queue.DoneAsync(segment))
                shelf.Remove(segment.Recording, segment.Number);
            else
                await store.RemoveAsync(segment.Recording, segment.Number, ct); // deleted meanwhile; what was planned with that removes it again
            metrics.Uploaded("ok");
            Well();
        }
        catch (Exception e)
        {
            if (over.IsCancellationRequested)
            {
                await queue.GiveBackAsync(segment);
                return;
            }
            var trouble = StoreTrouble.Of(e);
            metrics.Uploaded("failed");
            // When the store is away all pause together; one that fails by itself waits by itself.
            await queue.FailedAsync(segment, trouble.Text, trouble.StoreWide ? TimeSpan.Zero : StorePause.After(segment.Attempt, LongestOfOne));
            Trouble(trouble);
            if (!trouble.StoreWide)
                LogOne(log, segment.Recording, segment.Number, trouble.Text);
        }
        finally
        {
            _inHand.TryRemove(place, out _);
        }
    }

    /// <summary>(3)</summary>
    private async Task BeatAsync(CancellationToken ct)
    {
        var before = _inHand.ToArray();
        if (before.Length > 0)
        {
            var kept = await queue.RenewAsync(ct);
            foreach (var (place, over) in before.Where(h => !kept.Contains(h.Key)))
            {
                if (_inHand.TryRemove(place, out _))
                    await over.CancelAsync();
            }
        }
        var (segments, bytes) = await queue.CountAsync(ct);
        metrics.Waiting(segments, bytes);
    }

    private void Well()
    {
        if (pause.Well())
            LogBack(log);
    }

    private void Trouble(StoreTrouble trouble)
    {
        if (trouble.StoreWide && pause.Failed(trouble.Text))
            LogAway(log, trouble.Text);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store of recordings is away; segments wait here and nothing is lost: {Problem}")]
    private static partial void LogAway(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store of recordings answers again; uploads go on")]
    private static partial void LogBack(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Segment {Number} of recording {Recording} was not uploaded and is tried again: {Problem}")]
    private static partial void LogOne(ILogger log, RecordingId recording, int number, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Uploading recordings was interrupted and goes on: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
