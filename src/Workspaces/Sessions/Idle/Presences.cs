using Npgsql;
using StreamSpace.Contracts;

namespace StreamSpace.Sessions;

/// <summary>Writes down that sessions are used. One small update of one small row.</summary>
internal sealed class Presences(NpgsqlDataSource database)
{
    /// <summary>Notes activity. True when its people had been warned of idleness, which is over now.</summary>
    public async Task<bool> TouchAsync(SessionId session, string kind, DateTimeOffset at, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            with before as (select warned_for from sessions.presence where session_id = $1 for update)
            update sessions.presence p set last_activity_at = greatest(p.last_activity_at, $2), kind = $3, warned_for = null
            from before where p.session_id = $1 returning before.warned_for is not null
            """);
        command.Parameters.Add(new() { Value = session.Value });
        command.Parameters.Add(new() { Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = kind });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
