using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Forgets days past retention, on one replica, once an hour. Their hashes stay.</summary>
internal sealed partial class AuditRetention(NpgsqlDataSource database, ISingleRunner runner, IOptions<AuditOptions> options, TimeProvider clock, ILogger<AuditRetention> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => runner.RunAsync("audit.retention", async ct =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            var gone = await ForgetAsync(ct);
            if (gone > 0)
                LogForgotten(log, gone, options.Value.RetentionDays);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }, stoppingToken);

    internal async Task<long> ForgetAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select audit.forget($1)");
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-options.Value.RetentionDays) });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Forgot {Count} audit entries older than {Days} days")]
    private static partial void LogForgotten(ILogger log, long count, int days);
}
