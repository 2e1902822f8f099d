using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>How this module answers the questions of others about sessions.</summary>
internal sealed class SessionDirectory(IDbContextFactory<SessionsDb> databases, ISessionGrants grants, ISecretBox secrets) : ISessionDirectory, ISessionDisplays
{
    public async Task<SessionSight?> FindAsync(SessionRef session, UserId user, Func<string, bool> may, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = session.Id is { } id
            ? await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct)
            : await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.OwnerId == user && s.Name == session.Name && s.Wanted != SessionWish.Terminated, ct);
        if (found is null)
            return null;
        var rights = Rights.Of(found.OwnerId, user, p => may(p.Name), found.OwnerId == user ? null : await grants.FindAsync(found.Id, user, ct));
        return rights.View ? new(Facts(found), rights.Level, rights.Manage, rights.ByGrant) : null;
    }

    public async Task<SessionFacts?> FindAsync(SessionId session, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == session, ct) is { } found ? Facts(found) : null;
    }

    public async Task<IReadOnlyList<SessionFacts>> ListUpAsync(SessionFacts? after, int limit, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var up = db.Sessions.AsNoTracking().Where(s => s.Phase == SessionPhase.Running || s.Phase == SessionPhase.Freezing || s.Phase == SessionPhase.Frozen);
        if (after is { Owner: var owner, Id: var id })
            up = up.Where(s => EF.Functions.GreaterThan(ValueTuple.Create(s.OwnerId, s.Id), ValueTuple.Create(owner, id)));
        return [.. (await up.OrderBy(s => s.OwnerId).ThenBy(s => s.Id).Take(limit).ToListAsync(ct)).Select(Facts)];
    }

    async Task<DisplayAccess?> ISessionDisplays.FindAsync(SessionId session, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await db.Sessions.Where(s => s.Id == session).Select(s => new { s.Runtime, s.Generation, s.Phase, s.DisplaySecret }).FirstOrDefaultAsync(ct);
        return found is { Phase: SessionPhase.Running or SessionPhase.Freezing or SessionPhase.Frozen }
            ? new(found.Runtime, found.Generation, secrets.Open(Launcher.SecretPurpose, found.DisplaySecret) ?? "")
            : null;
    }

    private static SessionFacts Facts(Session s) => new(s.Id, s.Name, s.OwnerId, s.Template, s.Runtime, s.Phase, s.Reason, s.Message, s.Generation, s.TeamId);
}

/// <summary>Brings sessions back because somebody looks at them.</summary>
internal sealed partial class SessionWaker(
    IDbContextFactory<SessionsDb> databases, RuntimeRegistry runtimes, Presences presences, ReconcilerBell bell, IEventLog events, Instance instance,
    TimeProvider clock, ILogger<SessionWaker> log) : ISessionWaker
{
    public async Task<WakeAnswer> WakeAsync(SessionId session, UserId by, WakeCause cause, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            if (await db.Sessions.FirstOrDefaultAsync(s => s.Id == session, ct) is not { Wanted: not SessionWish.Terminated } found)
                return WakeAnswer.Gone;
            if (found.Phase == SessionPhase.Failed && found.Reason != RuntimeReasons.RuntimeLost)
                return WakeAnswer.Failed;
            var was = found.Phase;
            if (cause == WakeCause.Connect || was != SessionPhase.Running || found.Wanted != SessionWish.Running)
                await presences.TouchAsync(session, cause == WakeCause.Input ? "input" : "connect", clock.GetUtcNow(), ct);
            if (found.Wanted == SessionWish.Running)
                return was == SessionPhase.Running ? WakeAnswer.Running : WakeAnswer.Coming;

            found.Wish(SessionWish.Running, "wake");
            try
            {
                if (was == SessionPhase.Frozen && !bell.IsBusy(session) && (found.Node is null || found.Node == instance.Node) && await ThawNowAsync(found, ct))
                {
                    await db.SaveWishAsync(found, events, clock, CancellationToken.None);
                    bell.Ring(session);
                    return WakeAnswer.Running;
                }

                await db.SaveWishAsync(found, events, clock, CancellationToken.None);
                bell.Ring(session);
                return WakeAnswer.Coming;
            }
            catch (DbUpdateConcurrencyException) when (attempt < 5)
            {
                // Somebody else was faster; look again.
            }
        }
    }

    // A person waits for the key they pressed: thaw first, write it down after. The reconciler only confirms what it finds.
    private async Task<bool> ThawNowAsync(Session session, CancellationToken ct)
    {
        if (runtimes.Find(session.Runtime) is not { } runtime)
            return false;
        try
        {
            await runtime.ThawAsync(session.Id, ct);
            session.Thaw(clock.GetUtcNow());
            return true;
        }
        catch (RuntimeFailure e)
        {
            LogNotThawed(log, session.Id, e);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} could not be thawed at once; the reconciler takes it")]
    private static partial void LogNotThawed(ILogger log, SessionId session, Exception e);
}

/// <summary>Hears that sessions are used.</summary>
internal sealed class SessionActivity(IDbContextFactory<SessionsDb> databases, Presences presences, IEventLog events, TimeProvider clock) : ISessionActivity
{
    public Task InputSeenAsync(SessionId session, UserId by, CancellationToken ct) => SeenAsync(session, "input", ct);

    public Task PictureMovesAsync(SessionId session, CancellationToken ct) => SeenAsync(session, "picture", ct);

    /// <summary>Notes activity of any kind, and tells it where people had been warned of idleness.</summary>
    public async Task SeenAsync(SessionId session, string kind, CancellationToken ct)
    {
        if (!await presences.TouchAsync(session, kind, clock.GetUtcNow(), ct))
            return;
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == session, ct) is { } found)
            await events.AppendAsync([new SessionActivated(found.Now(), kind)], ct);
    }
}
