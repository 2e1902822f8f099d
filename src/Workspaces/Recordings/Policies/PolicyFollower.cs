using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Policies;

/// <summary>Begins to record sessions that a policy is for, when their processes come up.</summary>
internal sealed class PolicyFollower(RecordingsDb db, PolicyBeginner beginner, ITeamDirectory teams, TimeProvider clock) : IEventConsumer
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
        var chosen = await RecordingPolicy.ForAsync(open, [.. started.Select(s => new PolicyTarget(s.Owner, s.OwnerName, s.Template))], teams, ct);
        foreach (var (now, which) in started.Zip(chosen))
        {
            if (which is { } policy)
                await beginner.BeginAsync(new(now.Id, now.Name, now.Owner, now.OwnerName, now.Template, now.Phase), policy, ct);
        }
    }
}
