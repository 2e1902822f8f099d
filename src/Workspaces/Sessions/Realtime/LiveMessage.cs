using System.Buffers;
using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>An event as the realtime socket sends it, made once for all who get it.</summary>
/// <param name="Position">Its place in the event log; what a client resumes from.</param>
/// <param name="Session">The session it is about; null when it is about none.</param>
/// <param name="Owner">Whom it concerns; decides who may see it.</param>
/// <param name="Bytes">The envelope, in camelCase as documented.</param>
/// <param name="OnlyTheirs">For the person it concerns and nobody else, whatever they may see.</param>
/// <param name="At">When it happened.</param>
/// <param name="Audience">Name of the permission whose holders see it too; empty where it follows the session's rights.</param>
/// <param name="ForLookers">People hear it too who may do nothing but look at the session's display.</param>
/// <param name="Also">Somebody beside the owner whom it concerns: whom a session is shared with.</param>
internal sealed record LiveMessage(
    long Position, SessionId? Session, UserId? Owner, DateTimeOffset At, ReadOnlyMemory<byte> Bytes, bool OnlyTheirs = false, string Audience = "", bool ForLookers = false, UserId? Also = null)
{
    // What a picture is shown with: where the session stands, who looks, whether it is recorded. Not its settings, use, history, or whom else it is shared with.
    private static readonly HashSet<string> Looked = new(StringComparer.Ordinal)
    {
        "session.started", "session.stopped", "session.updated", "session.deleted", "session.state.changed", "session.progress", "session.frozen", "session.thawed", "session.hibernated",
        "session.woken", "session.error", "session.connected", "session.disconnected", "session.recording.started", "session.recording.stopped",
    };

    private static readonly HashSet<string> Personal = new(StringComparer.Ordinal) { "dlp.blocked", "dlp.warned", "session.viewer.policy", "recording.export.moved", "recording.access.decided", "recording.grew" };

    private static readonly Dictionary<string, string> AudienceOf =
        EventTypes.All.Values.Where(e => e.Audience.Length > 0).ToDictionary(e => e.Name, e => e.Audience, StringComparer.Ordinal);

    /// <summary>Permissions that decide who sees some of the messages.</summary>
    public static IReadOnlyCollection<string> Audiences { get; } = [.. AudienceOf.Values.Distinct(StringComparer.Ordinal)];

    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "session.viewer.dropped" };

    /// <summary>Null for what sockets do not get.</summary>
    public static LiveMessage? From(EventRecord fact)
    {
        if (AudienceOf.TryGetValue(fact.Type, out var audience))
            return new(fact.Position, null, fact.Concerns, fact.Time, Write(fact, null), Audience: audience);
        var personal = Personal.Contains(fact.Type);
        if ((!personal && !fact.Type.StartsWith("session.", StringComparison.Ordinal)) || Silent.Contains(fact.Type) || fact.Concerns is not { } owner
            || !TryFindSession(fact, personal, out var session))
            return null;
        return new(fact.Position, SessionId.From(session), owner, fact.Time, Write(fact, session), personal, ForLookers: Looked.Contains(fact.Type), Also: SharedWith(fact));
    }

    private static UserId? SharedWith(EventRecord fact) =>
        fact.Type is "session.shared" or "session.unshared" && fact.Data.TryGetProperty("user", out var user) && user.TryGetGuid(out var id) ? UserId.From(id) : null;

    private static ReadOnlyMemory<byte> Write(EventRecord fact, Guid? session)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", fact.Type);
            if (session is { } id)
                json.WriteString("sessionId", id);
            else
                json.WriteNull("sessionId");
            if (fact.Concerns is { } person)
                json.WriteString("userId", person.Value);
            else
                json.WriteNull("userId");
            json.WriteString("timestamp", fact.Time.UtcDateTime);
            json.WriteStartObject("data");
            // The session's own fields stand in data itself, beside what is special to the event.
            foreach (var member in fact.Data.EnumerateObject())
            {
                if (member.NameEquals("now"u8))
                    WriteMembers(json, member.Value);
                else if (!member.NameEquals("subject"u8) && !member.NameEquals("concerns"u8))
                    WriteMember(json, member);
            }

            json.WriteEndObject();
            json.WriteNumber("id", fact.Position);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // What is for one person may be about something else of a session's, which it names then.
    private static bool TryFindSession(EventRecord fact, bool personal, out Guid session)
    {
        session = default;
        return fact.Subject.StartsWith("session:", StringComparison.Ordinal)
            ? Guid.TryParse(fact.Subject.AsSpan("session:".Length), out session)
            : personal && fact.Data.TryGetProperty("session", out var named) && named.TryGetGuid(out session);
    }

    private static void WriteMembers(Utf8JsonWriter json, JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
            WriteMember(json, member);
    }

    private static void WriteMember(Utf8JsonWriter json, JsonProperty member)
    {
        json.WritePropertyName(Camel(member.Name));
        WriteValue(json, member.Value);
    }

    private static void WriteValue(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                WriteMembers(json, value);
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static string Camel(string snake)
    {
        if (!snake.Contains('_', StringComparison.Ordinal))
            return snake;
        var text = new System.Text.StringBuilder(snake.Length);
        var upper = false;
        foreach (var c in snake)
        {
            if (c == '_')
                upper = text.Length > 0;
            else
            {
                text.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
        }

        return text.ToString();
    }
}
