using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Writes the audit: one round trip, in which the database also makes the hash (see Migrations/001_audit.sql).</summary>
internal sealed class AuditTrail(NpgsqlDataSource database, TimeProvider clock) : IAuditTrail
{
    private const string Append = "select audit.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    private const int LongestText = 2000;

    public Task WriteAsync(AuditEntry entry, CancellationToken ct) => WriteAsync(entry, clock.GetUtcNow(), null, ct);

    /// <param name="entry">What happened.</param>
    /// <param name="time">When.</param>
    /// <param name="source">Position of the event it follows from; a second entry of one event is not written.</param>
    /// <param name="ct">Cancels the write.</param>
    public async Task WriteAsync(AuditEntry entry, DateTimeOffset time, long? source, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Append);
        var to = command.Parameters;
        to.Add(new() { Value = time.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        to.Add(Text(entry.Action));
        to.Add(new() { Value = (object?)entry.Actor?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        to.Add(Text(entry.ActorName));
        to.Add(Text(entry.Resource));
        to.Add(Text(entry.Result));
        to.Add(new() { Value = entry.Status, NpgsqlDbType = NpgsqlDbType.Integer });
        to.Add(Text(entry.Address));
        to.Add(Text(entry.Agent));
        to.Add(Text(entry.TraceId));
        to.Add(Text(JsonSerializer.Serialize(entry.Changes.Select(c => c with { Before = Clean(c.Before), After = Clean(c.After) }), Json.Options)));
        to.Add(new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)Clean(value) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    // PostgreSQL takes no NUL, and nobody may fill the audit with one request.
    private static string? Clean(string? value)
    {
        if (value is null)
            return null;
        var text = value.Contains('\0', StringComparison.Ordinal) ? value.Replace('\0', '\uFFFD') : value;
        return text.Length > LongestText ? text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] : text;
    }
}
