using System.Data.Common;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A claimed piece of work.</summary>
/// <param name="Session">The session.</param>
/// <param name="Wishes">How many wishes had been recorded when it was claimed.</param>
/// <param name="Attempts">How often it failed in a row.</param>
internal sealed record Claim(SessionId Session, long Wishes, int Attempts);

/// <summary>
/// The reconcilers' queue in the database. What is due is claimed with a lease that its holder renews; the lease runs by the
/// database's clock, so replicas need not agree on the time. Due times run by the server's clock.
/// </summary>
internal sealed class WorkQueue(NpgsqlDataSource database, Instance instance, TimeProvider clock)
{
    /// <summary>How long a claim holds without being renewed; a dead replica's work is taken up that much later.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private const string ClaimSql =
        """
        update sessions.work w set claimed_by = $1, claimed_until = clock_timestamp() + $2
        from (select session_id from sessions.work
              where due_at <= $3 and (claimed_until is null or claimed_until < clock_timestamp()) and (node is null or node = $4)
              order by due_at for update skip locked limit $5) due
        where w.session_id = due.session_id
        returning w.session_id, w.wishes, w.attempts
        """;

    private const string ReleaseSql =
        """
        update sessions.work set claimed_by = null, claimed_until = null, attempts = $4, due_at = case when wishes = $3 then $5 else $6 end
        where session_id = $1 and claimed_by = $2
        returning wishes = $3
        """;

    public async Task<IReadOnlyList<Claim>> ClaimAsync(int most, CancellationToken ct)
    {
        await using var command = Command(ClaimSql, instance.Name, Lease, clock.GetUtcNow().UtcDateTime, instance.Node, most);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var claims = new List<Claim>();
        while (await rows.ReadAsync(ct))
            claims.Add(new(SessionId.From(rows.GetGuid(0)), rows.GetInt64(1), rows.GetInt32(2)));
        return claims;
    }

    /// <summary>Gives a claim back with the time it is due again (null: only after a wish). False when a new wish makes it due at once.</summary>
    public async Task<bool> ReleaseAsync(Claim claim, int attempts, DateTimeOffset? due, CancellationToken ct)
    {
        await using var command = Command(ReleaseSql, claim.Session.Value, instance.Name, claim.Wishes, attempts, (object?)due?.UtcDateTime ?? DBNull.Value, clock.GetUtcNow().UtcDateTime);
        command.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
        return await command.ExecuteScalarAsync(ct) is not false;
    }

    /// <summary>Renews every claim of this process and tells which sessions it still holds.</summary>
    public async Task<IReadOnlySet<SessionId>> RenewAsync(CancellationToken ct)
    {
        await using var command = Command("update sessions.work set claimed_until = clock_timestamp() + $2 where session_id in (select session_id from sessions.work where claimed_by = $1 order by session_id for update) returning session_id", instance.Name, Lease);
        return await IdsAsync(command, ct);
    }

    /// <summary>Gives everything back, so that another replica goes on at once.</summary>
    public async Task LetGoAsync(CancellationToken ct)
    {
        await using var command = Command("update sessions.work set claimed_by = null, claimed_until = null where session_id in (select session_id from sessions.work where claimed_by = $1 order by session_id for update)", instance.Name);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes sessions due now.</summary>
    public async Task WakeAsync(IReadOnlyCollection<SessionId> sessions, CancellationToken ct)
    {
        if (sessions.Count == 0)
            return;
        await using var command = Command(
            "update sessions.work set due_at = $2, wishes = wishes + 1 where session_id in (select session_id from sessions.work where session_id = any($1) order by session_id for update)", sessions.Select(s => s.Value).ToArray(), clock.GetUtcNow().UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes a session due at a time, unless it is due sooner.</summary>
    public async Task WakeByAsync(SessionId session, DateTimeOffset at, CancellationToken ct)
    {
        await using var command = Command("update sessions.work set due_at = least(coalesce(due_at, $2), $2), wishes = wishes + 1 where session_id = $1", session.Value, at.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static async Task<IReadOnlySet<SessionId>> IdsAsync(DbCommand command, CancellationToken ct)
    {
        await using var rows = await command.ExecuteReaderAsync(ct);
        var ids = new HashSet<SessionId>();
        while (await rows.ReadAsync(ct))
            ids.Add(SessionId.From(rows.GetGuid(0)));
        return ids;
    }
}
