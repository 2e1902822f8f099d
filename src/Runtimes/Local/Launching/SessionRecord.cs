using System.Text.Json;
using System.Text.Json.Serialization;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>What a session was started with; written before anything is made for it, so that a later server can undo it.</summary>
internal sealed record SessionRecord(
    SessionId Session,
    string Name,
    UserId Owner,
    string Template,
    int Uid,
    string Home,
    bool PersistentHome,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    ResourceLimits Limits,
    bool Network,
    Dictionary<string, string> Groups,
    IReadOnlyList<string> Rlimits,
    string Boot,
    DateTimeOffset StartedAt)
{
    public static SessionRecord? Read(SessionPlaces places) => Json.Read(places.Record, LocalJson.Default.SessionRecord);

    public void Write(SessionPlaces places) => Json.Write(places.Record, this, LocalJson.Default.SessionRecord);
}

/// <summary>How a session ended by itself.</summary>
internal sealed record Ending(string? Reason, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionRecord))]
[JsonSerializable(typeof(Ending))]
[JsonSerializable(typeof(SessionNotes))]
internal sealed partial class LocalJson : JsonSerializerContext;

/// <summary>The runtime's notes for administrators.</summary>
internal sealed record SessionNotes(string Folder, int Uid, int Guard, int Init, string Limits, IReadOnlyDictionary<string, string> Groups);

internal static class Json
{
    public static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all, also when the server is killed meanwhile.</summary>
    public static void Write<T>(string path, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var draft = $"{path}.{Guid.CreateVersion7():N}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(value, type));
        File.Move(draft, path, overwrite: true);
    }
}
