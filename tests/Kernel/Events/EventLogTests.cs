using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Testing;

namespace StreamSpace.Kernel.Tests.Events;

public sealed class EventLogTests
{
    [Fact]
    public async Task A_reader_never_misses_or_reorders_events_of_concurrent_writers()
    {
        var database = await TestDatabase.CreateAsync();
        using var host = await KernelFixture.StartAsync(database);
        var feed = host.Services.GetRequiredService<IEventFeed>();
        await using var source = NpgsqlDataSource.Create(database);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<long>();
        var reading = Task.Run(async () =>
        {
            await foreach (var fact in feed.SubscribeAsync(0, enough.Token))
            {
                seen.Add(fact.Position);
                if (seen.Count == 400)
                    break;
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
                await KernelFixture.AppendAsync(source, $"writer:{writer}", i, TimeSpan.FromMilliseconds((writer * 7 + i) % 4));
        })));
        await reading;

        Assert.Equal(400, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
        await host.StopAsync();
    }

    [Fact]
    public async Task An_event_committed_while_the_tail_is_read_does_not_wait_for_the_poll()
    {
        var database = await TestDatabase.CreateAsync();
        using var host = await KernelFixture.StartAsync(database);
        var feed = host.Services.GetRequiredService<IEventFeed>();
        await using var source = NpgsqlDataSource.Create(database);
        for (var burst = 1; burst <= 400; burst++)
        {
            // The first wakes the tail; the second commits at some moment of its reading, and nothing comes after it.
            await KernelFixture.AppendAsync(source, "first", burst, TimeSpan.Zero);
            for (var spin = 0; spin < burst % 40; spin++)
                Thread.SpinWait(200);
            await KernelFixture.AppendAsync(source, "second", burst, TimeSpan.Zero);
            var began = Stopwatch.GetTimestamp();
            while (feed.Position < 2 * burst)
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1.5), $"burst {burst}: the second event was only found by the slow poll");
                await Task.Delay(1);
            }
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_no_event_and_holds_nobody_up()
    {
        var database = await TestDatabase.CreateAsync();
        using var host = await KernelFixture.StartAsync(database);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await EventWriter.WriteAsync(connection, transaction, [new(DateTimeOffset.UnixEpoch, "test.happened", "lost", null, null, "", null, "{}"u8.ToArray())], CancellationToken.None);
            await transaction.RollbackAsync();
        }

        await KernelFixture.AppendAsync(source, "kept", 1, TimeSpan.Zero);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await foreach (var fact in host.Services.GetRequiredService<IEventFeed>().SubscribeAsync(0, patience.Token))
        {
            Assert.Equal("kept", fact.Subject);
            break;
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task Two_replicas_share_a_consumer_and_a_killed_one_loses_nothing()
    {
        var database = await TestDatabase.CreateAsync();
        var journal = new Journal();
        var first = await KernelFixture.StartAsync(database, s => s.AddSingleton(journal).AddEventConsumer<Recording>());
        var second = await KernelFixture.StartAsync(database, s => s.AddSingleton(journal).AddEventConsumer<Recording>());
        // Under a name of its own, so that the blow below hits the replicas and not the writer.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { ApplicationName = "writer" });

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                await KernelFixture.AppendAsync(source, "s", i, TimeSpan.Zero);
        });
        await journal.WaitForAsync(60);
        // As kill -9 looks to the others: its connections end at once, in the middle of a batch.
        await using (var end = source.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name <> 'writer' and state like 'idle in transaction%'"))
            await end.ExecuteNonQueryAsync();
        first.Dispose();
        await writing;
        await journal.WaitForAsync(300);

        Assert.Equal(Enumerable.Range(0, 300), journal.Numbers.Distinct());
        await second.StopAsync();
        second.Dispose();
    }

    [Fact]
    public async Task A_consumer_that_fails_gets_the_same_batch_again_and_its_trouble_is_noted()
    {
        var database = await TestDatabase.CreateAsync();
        var journal = new Journal { FailuresLeft = 2 };
        using var host = await KernelFixture.StartAsync(database, s => s.AddSingleton(journal).AddEventConsumer<Recording>());
        await using var source = NpgsqlDataSource.Create(database);
        await KernelFixture.AppendAsync(source, "s", 7, TimeSpan.Zero);
        await journal.WaitForAsync(1);
        Assert.Equal(0, journal.FailuresLeft);
        Assert.Equal([7], journal.Numbers);
        await host.StopAsync();
    }

    [Fact]
    public async Task Events_a_consumer_does_not_handle_do_not_wake_it_and_lose_it_nothing()
    {
        var database = await TestDatabase.CreateAsync();
        var journal = new Journal();
        using var host = await KernelFixture.StartAsync(database, s => s.AddSingleton(journal).AddEventConsumer<Choosy>());
        await using var source = NpgsqlDataSource.Create(database);
        await WriteAsync(source, "test.wanted", 1);
        await journal.WaitForAsync(1);
        var before = await MovesAsync(source, 0);
        for (var i = 0; i < 20; i++)
            await WriteAsync(source, "test.other", 100 + i);
        await Task.Delay(300);
        Assert.Equal(before, await CursorAsync(source));

        var began = Stopwatch.GetTimestamp();
        await WriteAsync(source, "test.wanted", 2);
        await journal.WaitForAsync(2);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 1.5);
        Assert.Equal([1, 2], journal.Numbers);
        Assert.Equal(before + 21, await MovesAsync(source, before));
        await host.StopAsync();

        static async Task WriteAsync(NpgsqlDataSource source, string type, int number)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await EventWriter.WriteAsync(connection, transaction, [new(DateTimeOffset.UtcNow, type, "s", null, null, "", null, System.Text.Encoding.UTF8.GetBytes($$"""{"number":{{number}}}"""))], CancellationToken.None);
            await transaction.CommitAsync();
        }

        static async Task<long> CursorAsync(NpgsqlDataSource source)
        {
            await using var read = source.CreateCommand("select position from kernel.consumers where name = 'test.choosy'");
            return (long)(await read.ExecuteScalarAsync() ?? 0L);
        }

        // The place is written down after the batch was handled, which is what the journal tells.
        static async Task<long> MovesAsync(NpgsqlDataSource source, long from)
        {
            for (var left = 200; ; left--)
            {
                if (await CursorAsync(source) is var now && (now != from || left == 0))
                    return now;
                await Task.Delay(25);
            }
        }
    }

    internal sealed class Journal
    {
        private readonly ConcurrentQueue<int> numbers = new();

        public IReadOnlyCollection<int> Numbers => numbers;

        public int FailuresLeft { get; set; }

        public void Note(int number) => numbers.Enqueue(number);

        public async Task WaitForAsync(int distinct)
        {
            for (var i = 0; i < 1500 && numbers.Distinct().Count() < distinct; i++)
                await Task.Delay(20);
            Assert.True(numbers.Distinct().Count() >= distinct, $"only {numbers.Distinct().Count()} of {distinct} arrived");
        }
    }

    internal sealed class Choosy(Journal journal) : IEventConsumer
    {
        public string Name => "test.choosy";

        public IReadOnlySet<string> Types { get; } = new HashSet<string> { "test.wanted" };

        public Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct)
        {
            foreach (var fact in events)
                journal.Note(fact.Data.GetProperty("number").GetInt32());
            return Task.CompletedTask;
        }
    }

    internal sealed class Recording(Journal journal) : IEventConsumer
    {
        public string Name => "test.recording";

        public Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct)
        {
            if (journal.FailuresLeft > 0)
            {
                journal.FailuresLeft--;
                throw new InvalidOperationException("on purpose");
            }

            foreach (var fact in events)
                journal.Note(fact.Data.GetProperty("number").GetInt32());
            return Task.CompletedTask;
        }
    }
}
