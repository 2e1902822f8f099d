using System.Text.Json;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>
/// Audits what no request of its own stands behind: who saw which session when, and logins that ended because their token was stolen.
/// An event's position makes its entry unique, so an event that comes twice is written once.
/// </summary>
internal sealed class AuditFollower(AuditTrail trail) : IEventConsumer
{
    private static readonly string Connected = EventTypes.NameOf(typeof(SessionConnected));
    private static readonly string Disconnected = EventTypes.NameOf(typeof(SessionDisconnected));
    private static readonly string Ended = EventTypes.NameOf(typeof(LoginEnded));

    public string Name => "audit";

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { Connected, Disconnected, Ended };

    public async Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct)
    {
        foreach (var fact in events)
        {
            if (ToEntry(fact) is { } entry)
                await trail.WriteAsync(entry, fact.Time, fact.Position, ct);
        }
    }

    private static AuditEntry? ToEntry(EventRecord fact)
    {
        if (fact.Type == Connected && fact.As<SessionConnected>() is var came)
            return Entry(fact, "session.viewed", came.User, [new("viewer", null, came.Viewer.ToString()), new("level", null, JsonNamingPolicy.SnakeCaseLower.ConvertName(came.Level.ToString()))]);
        if (fact.Type == Disconnected && fact.As<SessionDisconnected>() is var went)
            return Entry(fact, "session.view_ended", went.User, [new("viewer", went.Viewer.ToString(), null), new("reason", null, went.Reason)]);
        if (fact.Type == Ended && fact.As<LoginEnded>() is { Reason: LoginEnd.TokenReused } stolen)
            return Entry(fact, "login.theft_suspected", stolen.User, [new("ended", null, "token_reused")]);
        return null;
    }

    private static AuditEntry Entry(EventRecord fact, string action, Contracts.UserId user, IReadOnlyList<AuditChange> changes) =>
        new(action, user, fact.Actor == user ? fact.ActorName : "", fact.Subject, "ok", 0, null, null, fact.TraceId, changes);
}
