using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>How this module answers <see cref="ILaunchGate"/>.</summary>
internal sealed class LaunchGate(IDbContextFactory<DlpDb> databases, ITeamDirectory teams, IEventLog events, TimeProvider clock) : ILaunchGate
{
    public async Task<LaunchPass> EnterAsync(LaunchAttempt attempt, CancellationToken ct)
    {
        var reason = string.IsNullOrWhiteSpace(attempt.Reason) ? null : attempt.Reason.Trim();
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var policies = await db.CountingAsync(now, ct);
        var policy = Evaluation.LaunchOf(policies, await teams.WithTeamsAsync(TeamReach.Launcher(attempt.User, attempt.Template), policies, ct));
        if (policy.RequireApproval is { Value: true, By: { } by })
            return await TakeAsync(db, attempt, reason, by, now, ct);
        return policy.RequireReason is { Value: true, By: { } asks } && reason is null ? new(LaunchVerdict.NeedsReason, asks, null, null) : new(LaunchVerdict.Open, null, null, reason);
    }

    public async Task GiveBackAsync(SessionId session, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Approvals.FromSql($"select * from dlp.approvals where session_id = {session.Value} for update").SingleOrDefaultAsync(ct) is not { } taken)
            return;
        taken.GiveBack();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes the approval that ends first. Locked rows: two launches at once do not both get the last use.</summary>
    private async Task<LaunchPass> TakeAsync(DlpDb db, LaunchAttempt attempt, string? reason, PolicyRef by, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var open = await db.Approvals.FromSql(
            $"select * from dlp.approvals where user_id = {attempt.User.Value} and template = {attempt.Template} and status in ('pending', 'granted') and expires_at > {now} order by expires_at for update").ToListAsync(ct);
        if (open.FirstOrDefault(a => a.Status == ApprovalStatus.Granted && a.TemplateVersion == attempt.TemplateVersion) is not { } granted)
            return open.FirstOrDefault(a => a.Status == ApprovalStatus.Pending) is { } waits ? new(LaunchVerdict.Waiting, by, waits.Id, null) : new(LaunchVerdict.NeedsApproval, by, null, null);
        granted.Use(attempt.Session);
        events.Append(db, new ApprovalUsed(granted.ToNow()));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new(LaunchVerdict.Open, by, granted.Id, reason ?? granted.Reason);
    }
}
