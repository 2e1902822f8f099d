using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>
/// Tails the event log: one LISTEN connection per process wakes the tail, which reads what is new and hands it to every
/// subscriber's buffer. When the database goes away it starts again where it stopped; a slow poll covers lost wake-ups.
/// </summary>
internal sealed partial class EventFeed(NpgsqlDataSource database, ILogger<EventFeed> log) : BackgroundService, IEventFeed
{
    private const int Buffer = 4096;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Channel<EventRecord>, byte> subscribers = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;

    public long Position => Interlocked.Read(ref position);

    /// <summary>Raised (on the tail's thread) with what was new; null when that is not known. Consumers wake by it.</summary>
    public event Action<IReadOnlyList<EventRecord>?>? Grown;

    public async IAsyncEnumerable<EventRecord> SubscribeAsync(long? since, [EnumeratorCancellation] CancellationToken ct)
    {
        await ready.Task.WaitAsync(ct);
        var channel = Channel.CreateBounded<EventRecord>(new BoundedChannelOptions(Buffer) { SingleReader = true, SingleWriter = true });
        subscribers.TryAdd(channel, 0);
        try
        {
            // Subscribed first, backlog second: what arrives in between is in both and is skipped by its position.
            var last = since ?? Position;
            while (since is not null)
            {
                List<EventRecord> backlog;
                await using (var connection = await database.OpenConnectionAsync(ct))
                    backlog = await EventReader.AfterAsync(connection, last, 500, ct);
                foreach (var fact in backlog)
                {
                    yield return fact;
                    last = fact.Position;
                }

                if (backlog.Count < 500)
                    break;
            }

            await foreach (var fact in channel.Reader.ReadAllAsync(ct))
            {
                if (fact.Position <= last)
                    continue;
                yield return fact;
                last = fact.Position;
            }
        }
        finally
        {
            subscribers.TryRemove(channel, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                // A wake-up that arrives while the tail is read comes with that answer, and may be about what it did not show yet.
                var heard = 0L;
                connection.Notification += (_, _) => heard++;
                await using (var listen = new NpgsqlCommand($"listen {EventWriter.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                if (!started)
                {
                    Interlocked.Exchange(ref position, await EventReader.LastAsync(connection, stoppingToken));
                    started = true;
                    ready.TrySetResult();
                }

                // What was written between a consumer's first look and this moment was told to nobody.
                Grown?.Invoke(null);
                while (true)
                {
                    var before = heard;
                    var more = await TailAsync(connection, stoppingToken);
                    if (!more && heard == before)
                        await connection.WaitAsync(Poll, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TailAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var events = await EventReader.AfterAsync(connection, Position, 500, ct);
        if (events.Count == 0)
            return false;
        foreach (var (channel, _) in subscribers)
        {
            foreach (var fact in events)
            {
                if (channel.Writer.TryWrite(fact))
                    continue;
                channel.Writer.TryComplete(new EventFeedLagged());
                subscribers.TryRemove(channel, out _);
                break;
            }
        }

        Interlocked.Exchange(ref position, events[^1].Position);
        Grown?.Invoke(events);
        return events.Count == 500;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event feed was interrupted and starts again: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);
}
