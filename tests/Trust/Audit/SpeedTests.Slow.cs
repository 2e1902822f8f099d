using System.Diagnostics;
using Npgsql;
using StreamSpace.Audit;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Audit;

[Trait("Category", "Slow")]
public sealed class SpeedTests
{
    [Fact]
    public async Task Keeping_an_entry_takes_little_also_when_many_write()
    {
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(await TestDatabase.CreateAsync()) { MaxAutoPrepare = 64 }.ConnectionString);
        var trail = new AuditTrail(database, TimeProvider.System);
        async Task<double> OneAsync(int i)
        {
            var started = Stopwatch.GetTimestamp();
            await trail.WriteAsync(new("speed.tested", null, "x", $"y:{i}", "ok", 200, "127.0.0.1", "agent", "trace", [new("a", "b", "c")]), default);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        for (var i = 0; i < 50; i++)
            await OneAsync(i);
        var alone = new List<double>();
        for (var i = 0; i < 500; i++)
            alone.Add(await OneAsync(i));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
                await OneAsync(i);
        }));
        var perSecond = 1600 / watch.Elapsed.TotalSeconds;
        alone.Sort();
        Console.WriteLine($"an audit entry takes {alone[250]:0.00} ms (p50), {alone[495]:0.00} ms (p99); 16 writers keep {perSecond:0} per second");
        Assert.InRange(alone[250], 0, 50);
        Assert.InRange(perSecond, 20, double.MaxValue);
    }
}
