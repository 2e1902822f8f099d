using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Writes the history of sessions from the event log. The event's position is the key: what comes twice is written once.</summary>
internal sealed class ActivityRecorder(NpgsqlDataSource database) : IEventConsumer
{
    public string Name => "sessions.activity";

    public async Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct)
    {
        var rows = events.Select(Row).OfType<ActivityRow>().ToArray();
        if (rows.Length == 0)
            return;
        await using var command = database.CreateCommand(
            """
            insert into sessions.activity(position, session_id, owner_id, at, type, category, actor_id, actor_name, message, data)
            select * from unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::jsonb[]) on conflict do nothing
            """);
        Add(command, NpgsqlDbType.Bigint, rows.Select(r => r.Position).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows.Select(r => r.SessionId.Value).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows.Select(r => r.OwnerId.Value).ToArray());
        Add(command, NpgsqlDbType.TimestampTz, rows.Select(r => r.At.UtcDateTime).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(r => r.Type).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(r => r.Category).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows.Select(r => r.ActorId?.Value).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(r => r.ActorName).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(r => r.Message).ToArray());
        Add(command, NpgsqlDbType.Jsonb, rows.Select(r => r.Data).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private static ActivityRow? Row(EventRecord fact)
    {
        if (fact.Concerns is not { } owner || !fact.Subject.StartsWith("session:", StringComparison.Ordinal) || !Guid.TryParse(fact.Subject.AsSpan("session:".Length), out var session))
            return null;
        var logged = fact.Type == "session.activity.logged" ? fact.As<SessionActivityLogged>() : null;
        if ((logged?.Category ?? ActivityCategories.Of(fact.Type)) is not { } category)
            return null;
        return new ActivityRow
        {
            Position = fact.Position, SessionId = new(session), OwnerId = owner, At = fact.Time, Type = logged?.Kind ?? fact.Type, Category = category, ActorId = fact.Actor, ActorName = fact.ActorName,
            Message = logged?.Text ?? Sentence(fact.Type, fact.Data), Data = Details(fact.Data),
        };
    }

    // What a person reads; the numbers behind it stand in the data.
    private static string? Sentence(string type, JsonElement data) => type switch
    {
        "session.created" => $"{Now(data, "template_title")} was launched",
        "session.started" => Text(data, "from") switch { "hibernated" => "Came back from hibernation", "restart" => "Was started again", "adopted" => "Was found running", _ => "Is up" },
        "session.stopped" => "Its processes ended",
        "session.deleted" => Text(data, "cause") == "expired" ? "Was ended: its longest duration was over" : "Was ended",
        "session.frozen" => Text(data, "cause") == "idle" ? "Was frozen: nobody used it" : "Was frozen",
        "session.thawed" => "Goes on",
        "session.hibernated" => Text(data, "cause") == "idle" ? "Was hibernated: nobody used it" : "Was hibernated",
        "session.woken" => "Was woken",
        "session.connected" => "A viewer connected",
        "session.disconnected" => "A viewer went",
        "session.state.changed" => $"{Text(data, "before")} to {Now(data, "phase")}",
        "session.idle" => $"Will {Text(data, "action")} soon unless somebody uses it",
        "session.active" => "Is used again",
        "session.shared" => $"Shared with {Text(data, "username")} ({Text(data, "level")})",
        "session.unshared" => $"Not shared with {Text(data, "username")} any more",
        "session.recording.started" => "Is being recorded",
        "session.recording.stopped" => "Is not recorded any more",
        "session.updated" => data.TryGetProperty("fields", out var fields) ? "Changed: " + string.Join(", ", fields.EnumerateArray().Select(f => f.GetString())) : "Changed",
        "session.tags.updated" => "Tags changed",
        "session.error" => Text(data, "text"),
        _ => null,
    };

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Now(JsonElement data, string name) => data.TryGetProperty("now", out var now) ? Text(now, name) : null;

    // The copy of the whole session is for sockets; a history of thousands of lines needs only what was special.
    private static string Details(JsonElement data) => JsonSerializer.Serialize(
        data.EnumerateObject().Where(m => m.Name is not ("now" or "subject" or "concerns")).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal));

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object values) =>
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values });
}
