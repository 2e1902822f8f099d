using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>Counts launches and measures starts from the event log. An event that comes twice counts once.</summary>
internal sealed class LaunchCounter(TemplatesDb db, TimeProvider clock) : IEventConsumer
{
    private const int KeptCounts = 10_000;

    public string Name => "templates.launches";

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { "session.created", "session.started" };

    public async Task HandleAsync(IReadOnlyList<EventRecord> events, CancellationToken ct)
    {
        foreach (var fact in events)
        {
            if (fact.Type == "session.created")
                await CountAsync(fact, fact.As<SessionCreated>(), ct);
            else if (fact.Type == "session.started" && fact.As<SessionStarted>() is { From: "launch" } started)
                await MeasureAsync(fact.Position, started, ct);
        }
    }

    private async Task CountAsync(EventRecord fact, SessionCreated created, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Database.ExecuteSqlAsync($"insert into templates.counted(position) values ({fact.Position}) on conflict do nothing", ct) == 0)
            return;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into templates.uses(user_id, template, launches, last_used_at) values ({created.Now.Owner.Value}, {created.Now.Template}, 1, {fact.Time})
            on conflict (user_id, template) do update set launches = uses.launches + 1, last_used_at = greatest(uses.last_used_at, excluded.last_used_at)
            """, ct);
        // The cursor never goes back that far.
        await db.Database.ExecuteSqlAsync($"delete from templates.counted where position < {fact.Position - KeptCounts}", ct);
        await transaction.CommitAsync(ct);
    }

    private async Task MeasureAsync(long position, SessionStarted started, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"insert into templates.starts(position, template, runtime, ms, at) values ({position}, {started.Now.Template}, {started.Now.Runtime}, {started.TookMs}, {clock.GetUtcNow()}) on conflict do nothing", ct);
}
