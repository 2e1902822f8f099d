using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Makes the event log's monthly partitions ahead of time and drops those past the retention (setting <c>Events:RetentionMonths</c>, 6).</summary>
internal sealed partial class EventRetention(NpgsqlDataSource database, ISingleRunner single, IConfiguration configuration, TimeProvider clock, ILogger<EventRetention> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => single.RunAsync("event-retention", async ct =>
    {
        while (!ct.IsCancellationRequested)
        {
            await TidyAsync(ct);
            await Task.Delay(TimeSpan.FromHours(6), clock, ct);
        }
    }, stoppingToken);

    internal async Task TidyAsync(CancellationToken ct)
    {
        var month = new DateOnly(clock.GetUtcNow().Year, clock.GetUtcNow().Month, 1);
        foreach (var first in (DateOnly[])[month.AddMonths(1), month.AddMonths(2)])
        {
            await RunAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"create table if not exists kernel.events_{first:yyyyMM} partition of kernel.events for values from ('{first:yyyy-MM-dd}') to ('{first.AddMonths(1):yyyy-MM-dd}')"), ct);
        }

        var oldest = month.AddMonths(-configuration.GetValue("Events:RetentionMonths", 6));
        await using var list = database.CreateCommand("select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = 'kernel' and relname ~ '^events_\\d{6}$' and c.relkind = 'r'");
        var names = new List<string>();
        await using (var reader = await list.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                names.Add(reader.GetString(0));
        }

        foreach (var name in names.Where(n => string.CompareOrdinal(n, string.Create(CultureInfo.InvariantCulture, $"events_{oldest:yyyyMM}")) < 0))
        {
            await RunAsync($"drop table kernel.{name}", ct);
            LogDropped(log, name);
        }

        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"delete from kernel.events_other where time < '{oldest:yyyy-MM-dd}'"), ct);
        await RunAsync("delete from kernel.idempotency_keys where created_at < now() - interval '1 day'", ct);
    }

    private async Task RunAsync(string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the event log's partition {Name}: past its retention")]
    private static partial void LogDropped(ILogger log, string name);
}
