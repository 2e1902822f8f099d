using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>
/// Ends the shares of sessions that are over, and of people who are gone or were locked by an administrator. A lock after failed logins passes by itself and can be caused by anybody: it ends nothing.
/// </summary>
internal sealed class ShareFollower(SharingDb db, ShareEnding ending) : IEventConsumer
{
    public string Name => "sharing.shares";

    public bool FromNow => true;

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { "session.state.changed", "user.deleted", "user.locked" };

    public async Task HandleAsync(IReadOnlyList<EventRecord> batch, CancellationToken ct)
    {
        foreach (var fact in batch)
        {
            switch (fact.Type)
            {
                case "session.state.changed" when fact.As<SessionStateChanged>().Now is { Phase: SessionPhase.Terminated } over:
                    await EndAsync($"select * from sharing.shares where session_id = {over.Id.Value} for update", "session_ended", ct);
                    break;
                case "user.deleted" when fact.Concerns is { } gone:
                    await EndAsync($"select * from sharing.shares where user_id = {gone.Value} for update", "person_deleted", ct);
                    break;
                case "user.locked" when fact.As<UserLocked>() is { Reason: "administrator" } locked:
                    await EndAsync($"select * from sharing.shares where user_id = {locked.User.Value} for update", "person_locked", ct);
                    break;
            }
        }
    }

    private async Task EndAsync(FormattableString which, string cause, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Shares.FromSql(which).ToListAsync(ct) is { Count: > 0 } shares)
            await ending.EndAsync(shares, cause, ct);
        await transaction.CommitAsync(ct);
    }
}
