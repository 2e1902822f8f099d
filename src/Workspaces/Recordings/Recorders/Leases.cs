using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Recorders;

/// <summary>Which process carries which recording: a row is one process's until its time runs out.</summary>
internal sealed class Leases(NpgsqlDataSource database, Instance instance, TimeProvider clock)
{
    /// <summary>Those that are still this process's, each with whether it shall stop.</summary>
    public async Task<IReadOnlyDictionary<RecordingId, bool>> RenewAsync(IReadOnlyList<RecordingId> recordings, TimeSpan lease, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            update recordings.recordings set lease_until = $1, stop_asked = stop_asked or coalesce(stop_at <= $4, false),
                   stop_reason = case when not stop_asked and stop_at <= $4 then 'time_over' else stop_reason end
            where holder = $2 and state = 'recording' and id = any($3) returning id, stop_asked
            """);
        command.Parameters.Add(new() { Value = (clock.GetUtcNow() + lease).UtcDateTime });
        command.Parameters.Add(new() { Value = instance.Name });
        command.Parameters.Add(new() { Value = recordings.Select(r => r.Value).ToArray() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        var kept = new Dictionary<RecordingId, bool>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            kept[RecordingId.From(rows.GetGuid(0))] = rows.GetBoolean(1);
        return kept;
    }

    /// <summary>Takes up to a hundred that nobody holds.</summary>
    public async Task<IReadOnlyList<RecordingId>> TakeAsync(TimeSpan lease, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            update recordings.recordings set holder = $1, lease_until = $2
            where id in (select id from recordings.recordings where state = 'recording' and (lease_until is null or lease_until < $3) order by id limit 100 for update skip locked)
            returning id
            """);
        command.Parameters.Add(new() { Value = instance.Name });
        command.Parameters.Add(new() { Value = (now + lease).UtcDateTime });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        var taken = new List<RecordingId>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            taken.Add(RecordingId.From(rows.GetGuid(0)));
        return taken;
    }

    /// <summary>Lets another process take it up at once.</summary>
    public async Task GiveBackAsync(RecordingId recording)
    {
        await using var command = database.CreateCommand("update recordings.recordings set holder = null, lease_until = null where id = $1 and holder = $2");
        command.Parameters.Add(new() { Value = recording.Value });
        command.Parameters.Add(new() { Value = instance.Name });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
