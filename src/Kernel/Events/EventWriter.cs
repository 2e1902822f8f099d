using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>A fact on its way into the log.</summary>
internal sealed record PendingEvent(DateTimeOffset Time, string Type, string Subject, UserId? Concerns, UserId? Actor, string ActorName, string? TraceId, byte[] Data);

/// <summary>
/// Writes events in one round trip. The lock orders commits: PostgreSQL releases it only after the rows are visible,
/// so positions can never appear behind a reader's back. Notifying takes a lock of the same reach anyway.
/// </summary>
internal static class EventWriter
{
    internal const string Channel = "streamspace_events";
    private const string Insert =
        """
        insert into kernel.events(time, type, subject, concerns, actor, actor_name, trace_id, data)
        select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::jsonb[])
        """;

    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PendingEvent> facts, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new("select pg_advisory_xact_lock(4711, 1)"));
        batch.BatchCommands.Add(new(Insert)
        {
            Parameters =
            {
                Array(NpgsqlDbType.TimestampTz, facts.Select(f => f.Time.UtcDateTime).ToArray()),
                Array(NpgsqlDbType.Text, facts.Select(f => f.Type).ToArray()),
                Array(NpgsqlDbType.Text, facts.Select(f => f.Subject).ToArray()),
                Array(NpgsqlDbType.Uuid, facts.Select(f => f.Concerns?.Value).ToArray()),
                Array(NpgsqlDbType.Uuid, facts.Select(f => f.Actor?.Value).ToArray()),
                Array(NpgsqlDbType.Text, facts.Select(f => f.ActorName).ToArray()),
                Array(NpgsqlDbType.Text, facts.Select(f => f.TraceId).ToArray()),
                Array(NpgsqlDbType.Jsonb, facts.Select(f => f.Data).ToArray()),
            },
        });
        batch.BatchCommands.Add(new($"select pg_notify('{Channel}', '')"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    public static PendingEvent Pack(IEvent fact, ICaller caller, string? traceId, TimeProvider clock) => new(
        clock.GetUtcNow(), EventTypes.NameOf(fact), fact.Subject, fact.Concerns, caller.Id, caller.Name, traceId,
        JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), Json.EventOptions));

    private static NpgsqlParameter Array(NpgsqlDbType type, object values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(NpgsqlDataSource database, CallerAccessor caller, TimeProvider clock) : IEventLog
{
    public void Append(ModuleDb db, IEvent fact) => db.Remember(EventWriter.Pack(fact, caller.Current, caller.TraceId, clock));

    public async Task AppendAsync(IReadOnlyList<IEvent> facts, CancellationToken ct)
    {
        if (facts.Count == 0)
            return;
        var who = caller.Current;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await EventWriter.WriteAsync(connection, transaction, [.. facts.Select(f => EventWriter.Pack(f, who, caller.TraceId, clock))], ct);
        await transaction.CommitAsync(ct);
    }
}
