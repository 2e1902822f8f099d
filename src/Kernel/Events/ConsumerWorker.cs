using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>
/// Drives one consumer. The cursor's row is locked while a batch is handled, so one replica at a time works;
/// a replica that dies drops its connection, and with it the lock, and the next takes the same batch again.
/// </summary>
internal sealed partial class ConsumerWorker<TConsumer>(
    IServiceScopeFactory scopes, NpgsqlDataSource database, EventFeed feed, ILogger<ConsumerWorker<TConsumer>> log) : BackgroundService
    where TConsumer : class, IEventConsumer
{
    private const int Batch = 200;
    private static readonly TimeSpan HeldPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuietPoll = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim wake = new(1, 1);
    private string name = "";
    private volatile IReadOnlySet<string>? types; // known from the first batch on; until then everything wakes it

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Grown += WakeFor;
        try
        {
            var pause = TimeSpan.Zero;
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    Outcome outcome;
                    while ((outcome = await HandleBatchAsync(stoppingToken)) == Outcome.More)
                    {
                    }

                    pause = TimeSpan.Zero;
                    // At the end of the log only its growth matters, and the feed tells that (its own poll covers lost wake-ups).
                    // What another replica holds must be looked at again soon: it may die with the work undone.
                    await wake.WaitAsync(outcome == Outcome.Held ? HeldPoll : QuietPoll, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    pause = TimeSpan.FromMilliseconds(Math.Clamp(pause.TotalMilliseconds * 2, 250, 30_000));
                    LogFailed(log, name, pause, e);
                    await NoteFailureAsync(e);
                    await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            feed.Grown -= WakeFor;
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    private enum Outcome
    {
        /// <summary>Every event there is has been handled.</summary>
        Done,

        /// <summary>There are more.</summary>
        More,

        /// <summary>Another replica works on them.</summary>
        Held,
    }

    private async Task<Outcome> HandleBatchAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var consumer = scope.ServiceProvider.GetRequiredService<TConsumer>();
        name = consumer.Name;
        types ??= consumer.Types;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await PositionAsync(connection, consumer, ct) is not { } position)
            return Outcome.Held;
        var events = await EventReader.AfterAsync(connection, position, Batch, ct);
        if (events.Count == 0)
        {
            // Keeps a cursor that was made just now: one that starts "from now" must not start again later.
            await transaction.CommitAsync(ct);
            return Outcome.Done;
        }

        var wanted = types is { } some ? events.FindAll(e => some.Contains(e.Type)) : events;
        if (wanted.Count > 0)
        {
            using (CallerAccessor.RunAs(Caller.System(consumer.Name)))
                await consumer.HandleAsync(wanted, ct);
        }

        await using var move = new NpgsqlCommand("update kernel.consumers set position = $2, failures = 0, last_error = null, updated_at = now() where name = $1", connection)
        {
            Parameters = { new() { Value = consumer.Name }, new() { Value = events[^1].Position } },
        };
        await move.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return events.Count == Batch ? Outcome.More : Outcome.Done;
    }

    /// <summary>The locked cursor; null while another replica holds it.</summary>
    private static async Task<long?> PositionAsync(NpgsqlConnection connection, TConsumer consumer, CancellationToken ct)
    {
        const string locked = "select position from kernel.consumers where name = $1 for update skip locked";
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var read = new NpgsqlCommand(locked, connection) { Parameters = { new() { Value = consumer.Name } } };
            if (await read.ExecuteScalarAsync(ct) is long position)
                return position;
            await using var create = new NpgsqlCommand(
                "insert into kernel.consumers(name, position) select $1, case when $2 then coalesce((select max(position) from kernel.events), 0) else 0 end where not exists (select from kernel.consumers where name = $1) on conflict do nothing", connection)
            {
                Parameters = { new() { Value = consumer.Name }, new() { Value = consumer.FromNow } },
            };
            if (await create.ExecuteNonQueryAsync(ct) == 0)
                return null;
        }

        return null;
    }

    private async Task NoteFailureAsync(Exception e)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await using var note = new NpgsqlCommand("update kernel.consumers set failures = failures + 1, last_error = $2, updated_at = now() where name = $1", connection)
            {
                Parameters = { new() { Value = name }, new() { Value = e.GetType().Name + ": " + e.Message } },
            };
            await note.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The database is what failed; the log line above has told it.
        }
    }

    private void WakeFor(IReadOnlyList<EventRecord>? events)
    {
        if (events is null || types is not { } some || events.Any(e => some.Contains(e.Type)))
            Wake();
    }

    private void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            try
            {
                wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it in the same moment.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Event consumer {Consumer} failed and tries again in {Pause}")]
    private static partial void LogFailed(ILogger log, string consumer, TimeSpan pause, Exception e);
}
