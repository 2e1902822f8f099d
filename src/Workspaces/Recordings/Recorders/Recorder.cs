using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Recorders;

/// <summary>
/// Carries one recording while this process holds it. Map: (1) close what another process left; (2) wait until the session runs; (3) a connection, a
/// segment; (4) the next, at once or when the session runs again; (5) the end, or another process takes it up.
/// </summary>
internal sealed partial class Recorder(
    Recording recording, DisplayDoor displays, ISessionDirectory sessions, SegmentBook book, Watchers watchers, SegmentShelf shelf, IDbContextFactory<RecordingsDb> databases, IEventLog events,
    RecordingsOptions options, TimeProvider clock, ILogger<Recorder> log) : IDisposable
{
    private static readonly TimeSpan Noting = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private volatile SegmentTake? _take;
    private volatile CancellationTokenSource? _leave;

    public SessionId Session => recording.SessionId;

    /// <summary>The session changed; look again.</summary>
    public void Look()
    {
        _changed.Release();
        if (_leave is { } leave)
            _ = LeaveUnlessRunningAsync(leave);
    }

    /// <summary>The recording shall end.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Something happened beside the picture; what happens while nothing is recorded is not kept.</summary>
    public void Note(RecordedEvent what) => _take?.Note(what);

    /// <summary>Records until the recording ends, or the token says that this process must let go.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var last = await book.RecoverAsync(recording.Id, recording.Key, ct); // (1)
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        var failures = 0;
        while (!over.IsCancellationRequested)
        {
            var facts = await sessions.FindAsync(recording.SessionId, ct);
            if (facts is null or { Phase: SessionPhase.Terminating or SessionPhase.Terminated })
            {
                await EndAsync("session_ended");
                return;
            }
            if (facts.Phase == SessionPhase.Running) // (2)
            {
                try
                {
                    (last, var reason) = await TakeAsync(last, over.Token);
                    failures = reason == "display" ? failures + 1 : 0; // one that goes away again and again is not asked all the time
                    if (failures == 0)
                        continue; // (4)
                }
                catch (OperationCanceledException) when (over.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    LogFailed(log, recording.Id, recording.SessionId, e.Message);
                    failures++;
                    last = await book.RecoverAsync(recording.Id, recording.Key, ct);
                }
            }
            try
            {
                await _changed.WaitAsync(failures == 0 ? Noting : TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(failures, 6))), over.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        if (_stop.IsCancellationRequested)
            await EndAsync("stopped"); // (5)
    }

    public void Dispose()
    {
        _stop.Dispose();
        _changed.Dispose();
    }

    /// <summary>(3) One segment from one connection.</summary>
    private async Task<((int Number, string? Digest) Last, string Reason)> TakeAsync((int Number, string? Digest) last, CancellationToken ct)
    {
        var (stream, init) = await displays.OpenAsync(recording.SessionId, ct);
        await using var connection = stream;
        var number = last.Number + 1;
        var started = clock.GetTimestamp(); // the same moment as in the header
        var header = new SegmentHeader(
            SegmentFormat.Version, recording.Id.ToString(), recording.SessionId.ToString(), number, clock.GetUtcNow(), init.Width, init.Height, RecordedFormat.Of(SegmentTake.Rgbx), last.Digest);
        await book.OpenAsync(recording.Id, header, ct);
        using var file = shelf.Create(recording.Id, recording.Key, number);
        var writer = new SegmentWriter(header);
        var take = new SegmentTake(stream, init, writer, file, options, recording.FramesPerSecond, clock, started);
        using var full = new CancellationTokenSource(options.SegmentLength, clock);
        using var leave = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, full.Token, leave.Token);
        _take = take;
        _leave = leave;
        try
        {
            var running = take.RunAsync(over.Token);
            _ = LeaveUnlessRunningAsync(leave); // it may have been frozen before anybody could tell us
            while (await Task.WhenAny(running, Task.Delay(Noting, clock, over.Token)) != running && !over.IsCancellationRequested)
            {
                var (index, bytes) = take.Sketch();
                await book.NoteAsync(recording.Id, number, index, bytes, null, null, ct);
                await watchers.TellAsync(recording.Id, recording.SessionId, number, ended: false, ct);
            }
            var reason = await running ?? (_stop.IsCancellationRequested ? "stopped" : ct.IsCancellationRequested || leave.IsCancellationRequested ? "paused" : "next");
            _take = null;
            take.Close(reason);
            await book.NoteAsync(recording.Id, number, writer.Index, writer.Length, writer.Digest, reason, CancellationToken.None);
            return ((number, writer.Digest), reason);
        }
        finally
        {
            _take = null;
            _leave = null;
        }
    }

    private async Task LeaveUnlessRunningAsync(CancellationTokenSource leave)
    {
        try
        {
            if (await sessions.FindAsync(recording.SessionId, CancellationToken.None) is not { Phase: SessionPhase.Running })
                await leave.CancelAsync();
        }
        catch (Exception e)
        {
            LogFailed(log, recording.Id, recording.SessionId, e.Message); // also when the segment ended meanwhile
        }
    }

    private async Task EndAsync(string reason)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        if (await db.Recordings.FirstOrDefaultAsync(r => r.Id == recording.Id, CancellationToken.None) is not { State: RecordingState.Recording } row)
            return;
        var duration = await db.Segments.Where(s => s.RecordingId == row.Id).SumAsync(s => s.DurationMs, CancellationToken.None);
        events.Append(db, row.End(reason == "stopped" ? row.StopReason ?? reason : reason, duration, clock.GetUtcNow()));
        await db.SaveChangesAsync(CancellationToken.None);
        await watchers.TellAsync(row.Id, row.SessionId, 0, ended: true, CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recording {Recording} of session {Session} was interrupted and goes on: {Problem}")]
    private static partial void LogFailed(ILogger log, RecordingId recording, SessionId session, string problem);
}
