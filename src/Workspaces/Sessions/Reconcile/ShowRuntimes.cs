using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A runtime.</summary>
public sealed record RuntimeAnswer(string Name, bool Available, string? Version, string? Problem, IReadOnlyList<string> Warnings, RuntimeCapabilities Capabilities);

/// <summary>The installation, as it is now.</summary>
public sealed record SystemAnswer(
    string Version, string Instance, DateTimeOffset StartedAt, long UptimeSeconds, SystemDatabaseAnswer Database, IReadOnlyList<RuntimeAnswer> Runtimes,
    IReadOnlyDictionary<string, long> Sessions, long EventPosition, SystemProcessAnswer Process, IReadOnlyList<ReplicaAnswer> Replicas, IReadOnlyList<PartAnswer> Parts);

/// <summary>Something the server can serve without.</summary>
/// <param name="Name">As in <c>/health/ready</c>: <c>virus_scanner</c>.</param>
/// <param name="Used">False: nobody set it up.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
public sealed record PartAnswer(string Name, bool Used, string? Problem);

/// <summary>The database.</summary>
public sealed record SystemDatabaseAnswer(string Version, long SizeBytes, int Connections, double LatencyMs);

/// <summary>This server process.</summary>
public sealed record SystemProcessAnswer(double CpuSeconds, long MemoryBytes, int Threads, int Cores);

/// <summary>A server process that shares the work.</summary>
public sealed record ReplicaAnswer(string Instance, string Node, DateTimeOffset SeenAt);

/// <summary>Shows the runtimes to everybody, and the whole installation to administrators.</summary>
internal static class ShowRuntimes
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runtimes", (RuntimeRegistry runtimes) => TypedResults.Ok(new Page<RuntimeAnswer>(Answer(runtimes), null)))
            .Needs(SessionsPermissions.ViewRuntimes).Produces<Page<RuntimeAnswer>>().WithName("ListRuntimes").WithTags("System").WithSummary("The runtimes, and what each can do");
        api.MapGet("/system", SystemAsync).Needs(SessionsPermissions.ViewSystem).Produces<SystemAnswer>()
            .WithName("GetSystem").WithTags("System").WithSummary("The installation, as it is now");
    }

    private static RuntimeAnswer[] Answer(RuntimeRegistry runtimes) => [.. runtimes.Names.Select(name =>
    {
        var health = runtimes.HealthOf(name);
        return new RuntimeAnswer(name, health.Available, health.Version, health.Problem, health.Warnings, health.Capabilities);
    })];

    private static async Task<IResult> SystemAsync(RuntimeRegistry runtimes, SessionsDb db, NpgsqlDataSource database, Instance instance, IEventFeed feed, IEnumerable<IHealthPart> parts, TimeProvider clock, CancellationToken ct)
    {
        var counts = await db.Sessions.GroupBy(s => s.Phase).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(ct);
        var replicas = await db.Replicas.AsNoTracking().OrderBy(r => r.Instance).ToListAsync(ct);
        using var process = Process.GetCurrentProcess();
        return TypedResults.Ok(new SystemAnswer(
            instance.Version, instance.Name, instance.StartedAt, (long)(clock.GetUtcNow() - instance.StartedAt).TotalSeconds, await DatabaseAsync(database, clock, ct), Answer(runtimes),
            counts.ToDictionary(c => Wire.Name(c.Key), c => c.Count, StringComparer.Ordinal), feed.Position,
            new(process.TotalProcessorTime.TotalSeconds, process.WorkingSet64, process.Threads.Count, Environment.ProcessorCount),
            [.. replicas.Select(r => new ReplicaAnswer(r.Instance, r.Node, r.SeenAt))], await PartsAsync(parts, ct)));
    }

    // The runtimes are told one by one above.
    private static async Task<IReadOnlyList<PartAnswer>> PartsAsync(IEnumerable<IHealthPart> parts, CancellationToken ct)
    {
        var answers = new List<PartAnswer>();
        foreach (var part in parts.Where(p => p is not RuntimesHealth))
            answers.Add(new(part.Name, part.IsUsed, await part.ProblemAsync(ct)));
        return answers;
    }

    private static async Task<SystemDatabaseAnswer> DatabaseAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select current_setting('server_version'), pg_database_size(current_database()), (select count(*)::int from pg_stat_activity where datname = current_database())", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (version, size, connections) = (row.GetString(0), row.GetInt64(1), row.GetInt32(2));
        await row.CloseAsync();
        var began = clock.GetTimestamp();
        await using var ping = new NpgsqlCommand("select 1", connection);
        await ping.ExecuteScalarAsync(ct);
        return new(version, size, connections, Math.Round(clock.GetElapsedTime(began).TotalMilliseconds, 3));
    }
}
