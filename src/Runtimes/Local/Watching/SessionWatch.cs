using System.Collections.Concurrent;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Watching;

/// <summary>Sees sessions end and run out of memory, at once and without polling.</summary>
internal sealed class SessionWatch(Places places, FileEvents readiness, ChangeFeed changes) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(SessionId Session, ProcessIdentity Init), Lazy<Task>> _watched = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Called when a session's processes are gone; not told when somebody asked for it.</summary>
    public Func<SessionId, ProcessIdentity, Task>? Ended { get; set; }

    public void Follow(FoundSession session)
    {
        var key = (session.Record.Session, session.Status.Init);
        if (_stop.IsCancellationRequested || session.Status.Init.Pid == 0)
            return;
        _ = _watched.GetOrAdd(key, _ => new(() => Task.Run(() => FollowAsync(session), CancellationToken.None))).Value; // lazy: one end is told once, however many follow at once
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watched.Values.Select(w => w.Value));
        _stop.Dispose();
    }

    private async Task FollowAsync(FoundSession session)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var memory = MemoryAsync(session, done.Token);
        try
        {
            await EndAsync(session.Status.Init, _stop.Token);
            await done.CancelAsync();
            await memory;
            if (Ended is { } ended)
                await ended(session.Record.Session, session.Status.Init);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the session does not.
        }
        finally
        {
            await done.CancelAsync();
            await memory;
            _watched.TryRemove((session.Record.Session, session.Status.Init), out _);
        }
    }

    private async Task EndAsync(ProcessIdentity process, CancellationToken ct)
    {
        var file = Libc.OpenProcess(process.Pid);
        if (file < 0)
        {
            // Kernels before 5.3, or gone already.
            while (process.IsAlive)
                await Task.Delay(250, ct);
            return;
        }

        try
        {
            if (process.IsAlive)
                await readiness.WaitAsync(file, FileEvents.Readable, ct);
        }
        finally
        {
            readiness.Forget(file);
            _ = Libc.Close(file);
        }
    }

    private async Task MemoryAsync(FoundSession session, CancellationToken ct)
    {
        var file = session.Group.WatchMemory();
        if (file < 0)
            return;
        using var kernel = new KernelLog();
        var known = session.Group.MemoryKills();
        try
        {
            for (var goesOn = true; goesOn;)
            {
                try
                {
                    await readiness.WaitAsync(file, FileEvents.Readable, ct);
                    Drain(file);
                }
                catch (OperationCanceledException)
                {
                    goesOn = false; // one last look: the kill may have been what ended the session
                }

                known = await TellAsync(session, kernel, known, goesOn);
            }
        }
        catch (IOException)
        {
            // The session's folder went away meanwhile.
        }
        finally
        {
            readiness.Forget(file);
            _ = Libc.Close(file);
        }
    }

    private async Task<long> TellAsync(FoundSession session, KernelLog kernel, long known, bool patient)
    {
        var biggest = Biggest(session);
        for (var i = 0; patient && i < 40 && session.Group.MemoryKills() <= known; i++)
            await Task.Delay(10, CancellationToken.None);
        var kills = session.Group.MemoryKills();
        if (kills <= known)
            return known;
        var names = kernel.Victims(Places.Short(session.Record.Session));
        for (var i = 0; i < 20 && names.Count == 0; i++)
        {
            await Task.Delay(10, CancellationToken.None);
            names = kernel.Victims(Places.Short(session.Record.Session));
        }

        await File.AppendAllTextAsync(session.Places.OutOfMemory, $"{string.Join(' ', names)}\n", CancellationToken.None);
        var state = FoundSession.Find(places, session.Record.Session)?.State();
        foreach (var name in names.Count > 0 ? names : [biggest])
            changes.Tell(new RuntimeChange(RuntimeChangeKind.OutOfMemory, state, name));
        return kills;
    }

    // Told before the kill, so the process that will be chosen is most likely still there.
    private static string Biggest(FoundSession session) =>
        ProcessTable.Describe(session.Group.Pids() ?? [], session.Status.Init.Pid).MaxBy(process => process.MemoryBytes)?.Command.Split(' ')[0] is { Length: > 0 } name
            ? Path.GetFileName(name)
            : "a program";

    private static unsafe void Drain(int file)
    {
        var buffer = stackalloc byte[4096];
        while (Libc.Read(file, buffer, 4096) == 4096)
        {
            // An inotify descriptor may hold several events; an eventfd holds one number.
        }
    }
}
