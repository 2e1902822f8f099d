using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Library;

/// <summary>Tells those who watch a recording that goes on how it grows, and nobody else: most recordings are watched by nobody.</summary>
internal sealed class Watchers(NpgsqlDataSource database, IEventLog events, TimeProvider clock)
{
    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(2);

    /// <summary>Somebody asked for the segments of a recording that goes on; they are told of it for the next two minutes, or until they ask again.</summary>
    public async Task CameAsync(RecordingId recording, UserId user, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            insert into recordings.watchers(recording_id, user_id, watches_until) values ($1, $2, $3)
            on conflict (recording_id, user_id) do update set watches_until = excluded.watches_until
            """);
        command.Parameters.Add(new() { Value = recording.Value });
        command.Parameters.Add(new() { Value = user.Value });
        command.Parameters.Add(new() { Value = (clock.GetUtcNow() + OneLook).UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A segment grew or ended; after the last one the recording ended.</summary>
    public async Task TellAsync(RecordingId recording, SessionId session, int segment, bool ended, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            with gone as (delete from recordings.watchers where recording_id = $1 and ($3 or watches_until < $2) returning user_id, watches_until)
            select user_id from recordings.watchers where recording_id = $1 and watches_until >= $2 and not $3 union select user_id from gone where watches_until >= $2
            """);
        command.Parameters.Add(new() { Value = recording.Value });
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new() { Value = ended });
        var told = new List<IEvent>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
                told.Add(new RecordingGrew(recording, session, UserId.From(rows.GetGuid(0)), segment, ended));
        }
        if (told.Count > 0)
            await events.AppendAsync(told, ct);
    }
}

/// <summary>Somebody watches a recording that goes on.</summary>
internal sealed class WatcherRow
{
    public RecordingId RecordingId { get; init; }

    public UserId UserId { get; init; }

    public DateTimeOffset WatchesUntil { get; init; }
}
