using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Work that must happen later or again until it succeeds; shared by all replicas through the database.</summary>
public interface IJobQueue
{
    /// <summary>Puts a job in line.</summary>
    /// <param name="kind">Name of its <see cref="IJobHandler"/>.</param>
    /// <param name="data">What the handler needs; written as JSON.</param>
    /// <param name="at">Not before this time; null for at once.</param>
    /// <param name="ct">Cancels the writing.</param>
    Task<Guid> AddAsync(string kind, object data, DateTimeOffset? at, CancellationToken ct);
}

/// <summary>Does one kind of job. May run twice for the same job after a crash.</summary>
public interface IJobHandler
{
    /// <summary>The kind; a kind once used stays.</summary>
    string Kind { get; }

    /// <summary>Does the job; throwing brings it back after a growing pause, at most ten times.</summary>
    Task RunAsync(JsonElement data, CancellationToken ct);
}

/// <inheritdoc cref="IJobQueue"/>
internal sealed class JobQueue(NpgsqlDataSource database, TimeProvider clock) : IJobQueue
{
    public async Task<Guid> AddAsync(string kind, object data, DateTimeOffset? at, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var command = database.CreateCommand("insert into kernel.jobs(id, kind, data, run_at) values ($1, $2, $3::jsonb, $4)");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(data, Json.EventOptions) });
        command.Parameters.Add(new() { Value = (at ?? clock.GetUtcNow()).UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
        return id;
    }
}

/// <summary>Claims due jobs with a lease and runs them, a few at a time.</summary>
internal sealed partial class JobWorker(NpgsqlDataSource database, IServiceScopeFactory scopes, Instance instance, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    private const int MostAttempts = 10;
    private const string Claim =
        """
        update kernel.jobs set claimed_by = $1, claimed_until = $2, attempts = attempts + 1
        where id = (select id from kernel.jobs where run_at <= $3 and attempts < $4 and (claimed_until is null or claimed_until < $3) order by run_at for update skip locked limit 1)
        returning id, kind, data::text, attempts
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await RunOneAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(log, e);
            }

            if (!worked)
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> RunOneAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        Guid id;
        string kind, data;
        int attempts;
        await using (var claim = database.CreateCommand(Claim))
        {
            claim.Parameters.Add(new() { Value = instance.Name });
            claim.Parameters.Add(new() { Value = now.AddMinutes(5) });
            claim.Parameters.Add(new() { Value = now });
            claim.Parameters.Add(new() { Value = MostAttempts });
            await using var row = await claim.ExecuteReaderAsync(ct);
            if (!await row.ReadAsync(ct))
                return false;
            (id, kind, data, attempts) = (row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3));
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var handler = scope.ServiceProvider.GetServices<IJobHandler>().FirstOrDefault(h => h.Kind == kind) ?? throw new InvalidOperationException($"No handler for job kind {kind}.");
            using (CallerAccessor.RunAs(Caller.System(kind)))
            using (var parsed = JsonDocument.Parse(data))
                await handler.RunAsync(parsed.RootElement, ct);
            await EndAsync("delete from kernel.jobs where id = $1", id, null, null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogJobFailed(log, kind, id, attempts, e);
            var next = clock.GetUtcNow().UtcDateTime.AddSeconds(Math.Min(3600, Math.Pow(2, attempts)));
            await EndAsync("update kernel.jobs set claimed_until = null, run_at = $2, last_error = $3 where id = $1", id, next, e.GetType().Name + ": " + e.Message);
        }

        return true;
    }

    private async Task EndAsync(string sql, Guid id, DateTime? next, string? error)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        if (next is not null)
        {
            command.Parameters.Add(new() { Value = next });
            command.Parameters.Add(new() { Value = error });
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Kind} {Id} failed at attempt {Attempt}")]
    private static partial void LogJobFailed(ILogger log, string kind, Guid id, int attempt, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job queue could not be read")]
    private static partial void LogTrouble(ILogger log, Exception e);
}
