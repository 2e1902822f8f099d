using System.Text.Json;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>The spine: everything that happens is one row, appended in the transaction that changed the state.</summary>
public interface IEventLog
{
    /// <summary>Remembers a fact; it is written by the next <c>SaveChangesAsync</c> of <paramref name="db"/>, or lost with it.</summary>
    void Append(ModuleDb db, IEvent fact);

    /// <summary>Writes facts that change no state of ours (a heartbeat, a progress step) in a transaction of their own.</summary>
    Task AppendAsync(IReadOnlyList<IEvent> facts, CancellationToken ct);
}

/// <summary>One row of the event log.</summary>
/// <param name="Position">Grows without ever being filled in later: what was seen stays before what comes.</param>
/// <param name="Time">When it was appended.</param>
/// <param name="Type">The published name.</param>
/// <param name="Subject">What it is about: <c>session:0190…</c>.</param>
/// <param name="Concerns">Whose thing it is about.</param>
/// <param name="Actor">Who did it; null for the system.</param>
/// <param name="ActorName">Their name, or the system caller's.</param>
/// <param name="TraceId">The request behind it.</param>
/// <param name="Data">The fact as JSON object, snake_case.</param>
public sealed record EventRecord(
    long Position, DateTimeOffset Time, string Type, string Subject, UserId? Concerns, UserId? Actor, string ActorName, string? TraceId, JsonElement Data)
{
    /// <summary>Reads the fact back as the record that was appended.</summary>
    public T As<T>() where T : IEvent => Data.Deserialize<T>(Json.EventOptions)!;
}

/// <summary>
/// Works through the event log with a cursor of its own: every event in order, at least once, on one replica at a time.
/// Handlers are idempotent (the position is the natural key).
/// </summary>
public interface IEventConsumer
{
    /// <summary>The cursor's name; a name once used stays.</summary>
    string Name { get; }

    /// <summary>True starts a new cursor at the end of the log instead of its beginning.</summary>
    bool FromNow => false;

    /// <summary>The published names of what it handles; null: everything. What it does not handle does not wake it, and its cursor passes it now and then.</summary>
    IReadOnlySet<string>? Types => null;

    /// <summary>Handles a batch in order. Throwing keeps the cursor where it is; the batch comes again after a pause.</summary>
    Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct);
}

/// <summary>The live tail of the event log in this process, for sockets and caches: every replica sees every event.</summary>
public interface IEventFeed
{
    /// <summary>
    /// Events after <paramref name="since"/> (null: from now on) without gap or double, until cancelled.
    /// A subscriber slower than the buffer is ended with <see cref="EventFeedLagged"/>; it then subscribes again from its last position.
    /// </summary>
    IAsyncEnumerable<EventRecord> SubscribeAsync(long? since, CancellationToken ct);

    /// <summary>The newest position this process has seen.</summary>
    long Position { get; }
}

/// <summary>A subscriber could not keep up.</summary>
public sealed class EventFeedLagged() : Exception("The subscriber was too slow; subscribe again from its last position.");
