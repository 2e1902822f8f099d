using Npgsql;
using NpgsqlTypes;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Upload;

/// <summary>A segment that waits on this shelf.</summary>
internal sealed record WaitingSegment(RecordingId Recording, int Number, int Attempt);

/// <summary>
/// What waits for being uploaded: closed segments whose file lies on this shelf. A row is one process's until its time runs out; two servers
/// that share a directory share the work.
/// </summary>
internal sealed class UploadQueue(NpgsqlDataSource database, SegmentShelf shelf, Instance instance, TimeProvider clock)
{
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>The next one; null when none waits. What was tried less often comes first, so that one which always fails does not keep the others.</summary>
    public async Task<WaitingSegment?> TakeAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            update recordings.segments set upload_by = $1, upload_until = $2, upload_attempts = upload_attempts + 1
            where (recording_id, number) = (
                select recording_id, number from recordings.segments
                where shelf = $4 and stored = 'local' and digest is not null and (upload_after is null or upload_after <= $3) and (upload_until is null or upload_until < $3)
                order by upload_attempts, recording_id, number limit 1 for update skip locked)
            returning recording_id, number, upload_attempts
            """);
        Add(command, instance.Name, (now + Lease).UtcDateTime, now.UtcDateTime, shelf.Id);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(RecordingId.From(row.GetGuid(0)), row.GetInt32(1), row.GetInt32(2)) : null;
    }

    /// <summary>Those that are still this process's.</summary>
    public async Task<IReadOnlySet<(RecordingId Recording, int Number)>> RenewAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("update recordings.segments set upload_until = $2 where upload_by = $1 returning recording_id, number");
        Add(command, instance.Name, (clock.GetUtcNow() + Lease).UtcDateTime);
        var kept = new HashSet<(RecordingId, int)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            kept.Add((RecordingId.From(rows.GetGuid(0)), rows.GetInt32(1)));
        return kept;
    }

    /// <summary>It is in the store. False when it was deleted meanwhile. Not cancelled: the object is there.</summary>
    public async Task<bool> DoneAsync(WaitingSegment segment) => await ExecuteAsync(
        """
        update recordings.segments set stored = 's3', upload_by = null, upload_until = null, upload_after = null, upload_error = null, upload_failed_at = null
        where recording_id = $1 and number = $2
        """, segment.Recording.Value, segment.Number) > 0;

    /// <summary>Another time.</summary>
    public Task FailedAsync(WaitingSegment segment, string problem, TimeSpan pause) => ExecuteAsync(
        "update recordings.segments set upload_by = null, upload_until = null, upload_after = $4, upload_error = $5, upload_failed_at = $6 where recording_id = $1 and number = $2 and upload_by = $3",
        segment.Recording.Value, segment.Number, instance.Name, (clock.GetUtcNow() + pause).UtcDateTime, problem, clock.GetUtcNow().UtcDateTime);

    /// <summary>This process ends; another one may take it up at once.</summary>
    public Task GiveBackAsync(WaitingSegment segment) => ExecuteAsync(
        "update recordings.segments set upload_by = null, upload_until = null, upload_attempts = greatest(upload_attempts - 1, 0) where recording_id = $1 and number = $2 and upload_by = $3",
        segment.Recording.Value, segment.Number, instance.Name);

    /// <summary>How many wait on this shelf, and bytes of them.</summary>
    public async Task<(long Segments, long Bytes)> CountAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select count(*), coalesce(sum(bytes), 0)::bigint from recordings.segments where shelf = $1 and stored = 'local' and digest is not null");
        Add(command, shelf.Id);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>A file that lies here is this shelf's, whoever wrote it: the directory was moved, or is from before directories had ids.</summary>
    public Task AdoptAsync(RecordingId recording, int[] numbers) => ExecuteAsync(
        "update recordings.segments set shelf = $2 where recording_id = $1 and number = any($3) and stored = 'local' and shelf is distinct from $2 and upload_by is null", recording.Value, shelf.Id, numbers);

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Add(command, values);
        return await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(value is DateTime ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new() { Value = value });
    }
}
