using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Exports;

/// <summary>Which process makes which film: a row is one attempt's until its time runs out.</summary>
internal sealed class ExportLeases(NpgsqlDataSource database, Instance instance, TimeProvider clock)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Takes the next one that nobody makes; null when there is none.</summary>
    /// <param name="file">Names this attempt.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<RecordingId?> TakeAsync(Guid file, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            update recordings.exports set state = 'running', percent = 0, holder = $1, lease_until = $2, attempts = attempts + 1, file = $4
            where recording_id = (select recording_id from recordings.exports where state in ('queued', 'running') and (lease_until is null or lease_until < $3)
                                  order by asked_at for update skip locked limit 1)
            returning recording_id
            """);
        Add(command, instance.Name, Until(), clock.GetUtcNow().UtcDateTime, file);
        return await command.ExecuteScalarAsync(ct) is Guid id ? RecordingId.From(id) : null;
    }

    /// <summary>Notes how far an attempt is. False when it counts no more: cancelled, or taken by somebody else.</summary>
    public async Task<bool> RenewAsync(RecordingId recording, Guid file, int percent, CancellationToken ct)
    {
        await using var command = database.CreateCommand("update recordings.exports set lease_until = $1, percent = $2 where recording_id = $3 and file = $4 and holder = $5 and state = 'running'");
        Add(command, Until(), percent, recording.Value, file, instance.Name);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>A process that stops lets another one begin at once; that was no attempt.</summary>
    public async Task GiveBackAsync(RecordingId recording, Guid file)
    {
        await using var command = database.CreateCommand(
            "update recordings.exports set state = 'queued', percent = 0, holder = null, lease_until = null, attempts = attempts - 1 where recording_id = $1 and file = $2 and holder = $3 and state = 'running'");
        Add(command, recording.Value, file, instance.Name);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private DateTime Until() => (clock.GetUtcNow() + Lease).UtcDateTime;

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
    }
}
