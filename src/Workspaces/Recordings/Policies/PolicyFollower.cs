using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Policies;

/// <summary>Begins to record sessions that a policy is for, when their processes come up.</summary>
internal sealed class PolicyFollower(RecordingsDb db, PolicyBeginner beginner, TimeProvider clock) : IEventConsumer
{
    public string Name => "recordings.policies";

    public bool FromNow => true;

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { "session.started" };

    public async Task HandleAsync(IReadOnlyList<EventRecord> facts, CancellationToken ct)
    {
        var started = facts.Where(e => e.Type == "session.started").Select(e => e.As<SessionStarted>().Now).ToList();
        if (started.Count == 0)
            return;
        var open = await RecordingPolicy.OpenAsync(db, clock.GetUtcNow(), ct);
        foreach (var now in started)
        {
            if (RecordingPolicy.For(open, now.OwnerName, now.Template) is { } policy)
                await beginner.BeginAsync(new(now.Id, now.Name, now.Owner, now.OwnerName, now.Template, now.Phase), policy, ct);
        }
    }
}
