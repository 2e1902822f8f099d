using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Follows what happens to people: who is renamed is named so here, whose account is deleted loses sessions and home.</summary>
internal sealed class PeopleFollower(SessionsDb db, IUserDirectory people, IEventLog events, IJobQueue jobs, ReconcilerBell bell, TimeProvider clock) : IEventConsumer
{
    public string Name => "sessions.people";

    public bool FromNow => true;

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { "user.updated", "user.deleted" };

    public async Task HandleAsync(IReadOnlyList<EventRecord> batch, CancellationToken ct)
    {
        foreach (var fact in batch)
        {
            if (fact.Type == "user.updated" && fact.Concerns is { } changed)
                await RenameAsync(changed, ct);
            else if (fact.Type == "user.deleted" && fact.Concerns is { } gone)
                await EndAllAsync(gone, ct);
        }
    }

    private async Task RenameAsync(UserId user, CancellationToken ct)
    {
        if ((await people.FindAsync([user], ct)).GetValueOrDefault(user) is { } person)
            await db.Sessions.Where(s => s.OwnerId == user && (s.OwnerName != person.Username || s.OwnerTitle != person.DisplayName))
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.OwnerName, person.Username).SetProperty(x => x.OwnerTitle, person.DisplayName), ct);
    }

    private async Task EndAllAsync(UserId user, CancellationToken ct)
    {
        foreach (var session in await db.Sessions.Where(s => s.OwnerId == user && s.Wanted != SessionWish.Terminated).ToListAsync(ct))
        {
            if (session.Wish(SessionWish.Terminated, "manual").Ok)
                await db.SaveWishAsync(session, events, clock, ct);
        }

        bell.Ring();
        await jobs.AddAsync(HomeRemover.JobKind, new HomeRemover.Job(user), clock.GetUtcNow().AddSeconds(5), ct);
    }
}

/// <summary>Removes a deleted person's home once none of their sessions is left.</summary>
internal sealed class HomeRemover(SessionsDb db, RuntimeRegistry runtimes) : IJobHandler
{
    public const string JobKind = "sessions.remove_home";

    public string Kind => JobKind;

    public async Task RunAsync(JsonElement data, CancellationToken ct)
    {
        var user = data.Deserialize<Job>(Json.EventOptions)!.User;
        if (await db.Sessions.AnyAsync(s => s.OwnerId == user && s.Phase != SessionPhase.Terminated, ct))
            throw new InvalidOperationException("Sessions of the person are still ending; the home is removed after them.");
        foreach (var runtime in runtimes.All.Where(r => runtimes.HealthOf(r.Name).Available))
            await runtime.DeleteHomeAsync(user, ct);
    }

    internal sealed record Job(UserId User);
}
