using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local.Watching;

/// <summary>Hands every change to everyone who listens. Who begins to listen is told to look at everything first.</summary>
internal sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<Channel<RuntimeChange>, bool> _listeners = new();

    public void Tell(RuntimeChange change)
    {
        foreach (var listener in _listeners.Keys)
            listener.Writer.TryWrite(change);
    }

    public async IAsyncEnumerable<RuntimeChange> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateUnbounded<RuntimeChange>(new UnboundedChannelOptions { SingleReader = true });
        channel.Writer.TryWrite(new RuntimeChange(RuntimeChangeKind.Resync, null, null));
        _listeners.TryAdd(channel, true);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(ct))
                yield return change;
        }
        finally
        {
            _listeners.TryRemove(channel, out _);
        }
    }
}
