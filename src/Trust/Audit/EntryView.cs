using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>One entry, as the API shows it.</summary>
public sealed record EntryView(
    long Id, DateTimeOffset Time, string Action, EntryActor Actor, string Resource, string Result, int Status,
    string? Address, string? Agent, string? TraceId, IReadOnlyList<AuditChange> Changes, string Hash);

/// <summary>Who did it: a person, or by name only a worker of ours or nobody.</summary>
public sealed record EntryActor(UserId? Id, string Username);

internal static class EntryMapping
{
    public static EntryView ToView(this Entry entry) => new(
        entry.Id, entry.Time, entry.Action, new(entry.Actor, entry.ActorName), entry.Resource, entry.Result, entry.Status, entry.Address, entry.Agent, entry.TraceId,
        JsonSerializer.Deserialize<IReadOnlyList<AuditChange>>(entry.Changes, Json.EventOptions) ?? [], Convert.ToHexStringLower(entry.Hash));
}
