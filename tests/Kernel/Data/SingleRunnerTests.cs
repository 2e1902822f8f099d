using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Testing;

namespace StreamSpace.Kernel.Tests.Data;

public sealed class SingleRunnerTests
{
    [Fact]
    public async Task One_replica_runs_and_the_other_takes_over_when_it_dies()
    {
        var database = await TestDatabase.CreateAsync();
        using var first = await KernelFixture.StartAsync(database);
        using var second = await KernelFixture.StartAsync(database);
        using var stop = new CancellationTokenSource();
        using var firstStops = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var running = 0;
        var most = 0;
        var runs = 0;
        async Task Work(CancellationToken ct)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Interlocked.Increment(ref runs);
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        var one = first.Services.GetRequiredService<ISingleRunner>().RunAsync("demo", Work, firstStops.Token);
        await WaitAsync(() => running == 1);
        var two = second.Services.GetRequiredService<ISingleRunner>().RunAsync("demo", Work, stop.Token);
        await Task.Delay(300);
        Assert.Equal(1, running);

        var watch = Stopwatch.StartNew();
        await using (var source = NpgsqlDataSource.Create(database))
        await using (var kill = source.CreateCommand("select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.classid = 4712"))
            await kill.ExecuteNonQueryAsync();
        await firstStops.CancelAsync();
        await WaitAsync(() => runs == 2 && running == 1);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"hand-over took {watch.Elapsed}");
        Assert.Equal(1, most);
        await stop.CancelAsync();
        await Task.WhenAll(one, two);
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }
}
