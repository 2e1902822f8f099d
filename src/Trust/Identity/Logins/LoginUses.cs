using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StreamSpace.Contracts;

namespace StreamSpace.Identity;

/// <summary>Which logins were used lately; written down together now and then, so that using one costs nothing.</summary>
internal sealed class LoginUses
{
    private ConcurrentDictionary<LoginId, DateTimeOffset> latest = new();

    public void Note(LoginId login, DateTimeOffset now) => latest[login] = now;

    public IReadOnlyDictionary<LoginId, DateTimeOffset> Take() => Interlocked.Exchange(ref latest, new());
}

/// <summary>Writes <see cref="LoginUses"/> down every half minute.</summary>
internal sealed partial class LoginUseWriter(LoginUses uses, NpgsqlDataSource database, TimeProvider clock, ILogger<LoginUseWriter> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, e.Message);
            }
        }
    }

    internal async Task WriteAsync(CancellationToken ct)
    {
        var taken = uses.Take();
        if (taken.Count == 0)
            return;
        await using var command = database.CreateCommand(
            "update identity.logins l set last_used_at = greatest(l.last_used_at, u.at) from unnest($1::uuid[], $2::timestamptz[]) u(id, at) where l.id = u.id");
        command.Parameters.Add(new() { Value = taken.Keys.Select(l => l.Value).ToArray() });
        command.Parameters.Add(new() { Value = taken.Values.Select(t => t.UtcDateTime).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When logins were last used could not be written down: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
