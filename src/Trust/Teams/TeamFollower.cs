using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>Takes people who were deleted out of their teams.</summary>
internal sealed class TeamFollower(TeamsDb db, IEventLog events, TimeProvider clock) : IEventConsumer
{
    public string Name => "teams.members";

    public bool FromNow => true;

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { EventTypes.NameOf(typeof(UserDeleted)) };

    public async Task HandleAsync(IReadOnlyList<EventRecord> batch, CancellationToken ct)
    {
        foreach (var gone in batch.Select(e => e.As<UserDeleted>().User))
        {
            foreach (var team in await db.Members.Where(m => m.UserId == gone).Select(m => m.TeamId).ToListAsync(ct))
                await RemoveAsync(team, gone, ct);
        }
    }

    private async Task RemoveAsync(TeamId id, UserId gone, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(id, ct) is not { } team || await db.Members.SingleOrDefaultAsync(m => m.TeamId == id && m.UserId == gone, ct) is not { } member)
            return;
        db.Remove(member);
        team.Touch(clock.GetUtcNow());
        events.Append(db, new TeamMemberRemoved(id, team.Name, gone, member.Username, "person_deleted"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
