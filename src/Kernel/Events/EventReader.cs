using System.Text.Json;
using Npgsql;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>Reads slices of the event log.</summary>
internal static class EventReader
{
    private const string Select =
        "select position, time, type, subject, concerns, actor, actor_name, trace_id, data from kernel.events where position > $1 order by position limit $2";

    public static async Task<List<EventRecord>> AfterAsync(NpgsqlConnection connection, long position, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = position }, new() { Value = limit } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var events = new List<EventRecord>();
        while (await reader.ReadAsync(ct))
            events.Add(Read(reader));
        return events;
    }

    public static async Task<long> LastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(position), 0) from kernel.events", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static EventRecord Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new DateTimeOffset(row.GetDateTime(1)),
        row.GetString(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : new UserId(row.GetGuid(4)),
        row.IsDBNull(5) ? null : new UserId(row.GetGuid(5)),
        row.GetString(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        JsonDocument.Parse(row.GetFieldValue<byte[]>(8)).RootElement);
}
