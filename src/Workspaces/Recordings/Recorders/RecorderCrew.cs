using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Recorders;

/// <summary>
/// The recorders of this process. Each second: (1) renew the leases of what is recorded here, let go of what was lost, stop what shall stop;
/// (2) take up what nobody holds; (3) pass on what happened beside the pictures. A process that dies stops renewing, and another one takes up its
/// recordings some seconds later.
/// </summary>
internal sealed partial class RecorderCrew(
    IDbContextFactory<RecordingsDb> databases, IServiceProvider services, PressCounter presses, Leases leases, TimeProvider clock, ILogger<RecorderCrew> log) : BackgroundService
{
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<RecordingId, Held> _held = new();
    private readonly SemaphoreSlim _bell = new(0);
    private ILookup<SessionId, RecordingId> _everywhere = Enumerable.Empty<(SessionId, RecordingId)>().ToLookup(r => r.Item1, r => r.Item2);

    private sealed record Held(Recorder Recorder, CancellationTokenSource LetGo, Task Running)
    {
        public long RenewedAt { get; set; }
    }

    /// <summary>There is something to take up or to stop.</summary>
    public void Ring() => _bell.Release();

    /// <summary>The recorders of a session that run here: none, one, or one more that is silent.</summary>
    public IEnumerable<Recorder> Find(SessionId session) => _held.Values.Where(h => h.Recorder.Session == session).Select(h => h.Recorder);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var runsAs = CallerAccessor.RunAs(Caller.System("recordings"));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RenewAsync(stoppingToken);
                await TakeUpAsync(stoppingToken);
                await PassNotesAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, e.Message);
                LetGoOfTheUncertain();
            }
            await ((Task)_bell.WaitAsync(Beat, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (var held in _held.Values)
            await held.LetGo.CancelAsync();
        await Task.WhenAll(_held.Values.Select(h => h.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>(1)</summary>
    private async Task RenewAsync(CancellationToken ct)
    {
        if (_held.IsEmpty)
            return;
        var asked = clock.GetTimestamp();
        var kept = await leases.RenewAsync([.. _held.Keys], Lease, ct);
        foreach (var (id, held) in _held)
        {
            if (!kept.TryGetValue(id, out var stopAsked))
            {
                if (held.RenewedAt < asked) // not one that was taken up meanwhile
                    await held.LetGo.CancelAsync();
                continue;
            }
            held.RenewedAt = asked;
            if (stopAsked)
                held.Recorder.Stop();
        }
    }

    /// <summary>(2)</summary>
    private async Task TakeUpAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var active = await db.Recordings.AsNoTracking().Where(r => r.State == RecordingState.Recording).Select(r => new { r.Id, r.SessionId, r.LeaseUntil }).ToListAsync(ct);
        _everywhere = active.ToLookup(a => a.SessionId, a => a.Id);
        presses.Wanted = _everywhere.Count > 0;
        var now = clock.GetUtcNow();
        if (!active.Any(a => a.LeaseUntil is null || a.LeaseUntil < now))
            return;
        foreach (var recording in await leases.TakeAsync(Lease, ct))
        {
            if (_held.ContainsKey(recording))
                continue;
            if (await db.Recordings.AsNoTracking().FirstOrDefaultAsync(r => r.Id == recording, ct) is { } row)
                Begin(row);
        }
    }

    private void Begin(Recording row)
    {
        var recorder = ActivatorUtilities.CreateInstance<Recorder>(services, row);
        var letGo = new CancellationTokenSource();
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held[row.Id] = new(recorder, letGo, CarryAsync(row.Id, recorder, begin.Task, letGo)) { RenewedAt = clock.GetTimestamp() };
        if (row.StopAsked)
            recorder.Stop();
        begin.SetResult();
    }

    private async Task CarryAsync(RecordingId id, Recorder recorder, Task begin, CancellationTokenSource letGo)
    {
        await begin;
        try
        {
            await recorder.RunAsync(letGo.Token);
        }
        catch (Exception e)
        {
            if (!letGo.IsCancellationRequested)
                LogFailed(log, e.Message);
        }
        _held.TryRemove(id, out _);
        recorder.Dispose();
        letGo.Dispose();
        try
        {
            // Whoever is there takes it up at once, this process included.
            await leases.GiveBackAsync(id);
        }
        catch (Exception e)
        {
            LogFailed(log, e.Message); // the lease runs out by itself
        }
    }

    /// <summary>Without the database nobody knows whether a lease still holds; before it runs out, recording here ends.</summary>
    private void LetGoOfTheUncertain()
    {
        foreach (var held in _held.Values.Where(h => clock.GetElapsedTime(h.RenewedAt) > Lease - Beat - Beat))
            held.LetGo.Cancel();
    }

    /// <summary>(3)</summary>
    private async Task PassNotesAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var heard = presses.Take().Select(p => (p.Key.Session, Note: new RecordedEvent("input", User: p.Key.By.ToString(), Presses: p.Value)))
            .Concat(presses.TakePastes().Select(p => (p.Key.Session, Note: new RecordedEvent("clipboard", User: p.Key.By.ToString(), Direction: "to_session", Bytes: p.Value))));
        foreach (var (session, note) in heard)
        {
            foreach (var recording in _everywhere[session])
            {
                if (_held.TryGetValue(recording, out var here))
                    here.Recorder.Note(note);
                else
                    db.Add(new SideNote { RecordingId = recording, Note = JsonSerializer.Serialize(note, SegmentJson.Default.RecordedEvent) });
            }
        }
        await db.SaveChangesAsync(ct);
        if (_held.IsEmpty)
            return;
        RecordingId[] mine = [.. _held.Keys];
        var notes = await db.SideNotes.Where(n => mine.Contains(n.RecordingId)).ToListAsync(ct);
        foreach (var note in notes)
        {
            if (_held.TryGetValue(note.RecordingId, out var held) && JsonSerializer.Deserialize(note.Note, SegmentJson.Default.RecordedEvent) is { } what)
                held.Recorder.Note(what);
            db.Remove(note);
        }
        await db.SaveChangesAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recorders were interrupted and go on: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
