using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace StreamSpace.Runtimes.Local.Native;

/// <summary>
/// Waits for descriptors on one thread, without cost while nothing happens: ends of processes (pidfd), memory events (eventfd,
/// inotify), terminals. One waiter per descriptor and direction at a time.
/// </summary>
internal sealed class FileEvents : IDisposable
{
    private const int Add = 1, Remove = 2, Modify = 3;
    private const uint OneShot = 1u << 30;
    public const uint Readable = 1, Writable = 4;

    // The kernel packs the entry on x86-64 only.
    private static readonly int EntrySize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = EntrySize - 8;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly ConcurrentDictionary<int, Entry> _waiting = new();
    private readonly Thread _thread;
    private volatile bool _stopped;

    public FileEvents()
    {
        _epoll = Libc.EpollCreate(Libc.CloseOnExec);
        _wake = Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (_epoll < 0 || _wake < 0)
            throw Libc.Failure("epoll");
        Control(Add, _wake, Readable);
        _thread = new Thread(Loop) { IsBackground = true, Name = "local runtime readiness" };
        _thread.Start();
    }

    /// <summary>Completes when the descriptor is ready or hung up.</summary>
    public async Task WaitAsync(int file, uint events, CancellationToken ct)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = _waiting.GetOrAdd(file, static _ => new Entry());
        await using var registration = ct.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), ready);
        lock (entry)
        {
            if ((events & Readable) != 0)
                entry.Reader = ready;
            else
                entry.Writer = ready;
            Arm(file, entry);
        }

        await ready.Task;
    }

    /// <summary>To be called before the descriptor is closed; whoever still waits for it is let go.</summary>
    public unsafe void Forget(int file)
    {
        if (!_waiting.TryRemove(file, out var entry))
            return;
        lock (entry)
        {
            Libc.EpollControl(_epoll, Remove, file, null);
            entry.Reader?.TrySetCanceled();
            entry.Writer?.TrySetCanceled();
        }
    }

    public unsafe void Dispose()
    {
        if (_stopped)
            return;
        _stopped = true;
        var one = 1L;
        _ = Libc.Write(_wake, (byte*)&one, 8);
        _thread.Join();
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wake);
        foreach (var entry in _waiting.Values)
        {
            entry.Reader?.TrySetCanceled();
            entry.Writer?.TrySetCanceled();
        }
    }

    private void Arm(int file, Entry entry)
    {
        var events = (entry.Reader is null ? 0 : Readable) | (entry.Writer is null ? 0 : Writable) | OneShot;
        if (Control(entry.Known ? Modify : Add, file, events) != 0 && Control(entry.Known ? Add : Modify, file, events) != 0)
        {
            var failure = Libc.Failure("epoll");
            entry.Reader?.TrySetException(failure);
            entry.Writer?.TrySetException(failure);
        }

        entry.Known = true;
    }

    private unsafe int Control(int operation, int file, uint events)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(long*)(entry + DataAt) = file;
        return Libc.EpollControl(_epoll, operation, file, entry);
    }

    private unsafe void Loop()
    {
        var entries = stackalloc byte[16 * 64];
        while (!_stopped)
        {
            var count = Libc.EpollWait(_epoll, entries, 64, -1);
            for (var i = 0; i < count; i++)
            {
                var file = (int)*(long*)(entries + (i * EntrySize) + DataAt);
                if (file != _wake && _waiting.TryGetValue(file, out var entry))
                    Tell(file, entry, *(uint*)(entries + (i * EntrySize)));
            }
        }
    }

    private void Tell(int file, Entry entry, uint events)
    {
        const uint error = 0x8 | 0x10 | 0x2000;
        lock (entry)
        {
            if ((events & (Readable | error)) != 0)
            {
                entry.Reader?.TrySetResult();
                entry.Reader = null;
            }

            if ((events & (Writable | error)) != 0)
            {
                entry.Writer?.TrySetResult();
                entry.Writer = null;
            }

            if (entry.Reader is not null || entry.Writer is not null)
                Arm(file, entry);
        }
    }

    private sealed class Entry
    {
        public TaskCompletionSource? Reader { get; set; }

        public TaskCompletionSource? Writer { get; set; }

        public bool Known { get; set; }
    }
}
