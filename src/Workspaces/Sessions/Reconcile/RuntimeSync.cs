using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Compares what a runtime has with what the rows say: makes due what differs, and removes what belongs to no session.</summary>
internal sealed partial class RuntimeSync(IDbContextFactory<SessionsDb> databases, WorkQueue work, Instance instance, ILogger<RuntimeSync> log)
{
    /// <summary>The runtime stopped answering: its sessions are looked at, and told so.</summary>
    public async Task LostAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var mine = await Mine(db, runtime)
            .Where(s => s.Phase != SessionPhase.Hibernated && s.Phase != SessionPhase.Failed && s.Phase != SessionPhase.Pending && s.Phase != SessionPhase.Queued)
            .Select(s => s.Id).ToListAsync(ct);
        await work.WakeAsync(mine, ct);
    }

    /// <summary>The runtime answers (again): adopt, mend, reap.</summary>
    public async Task ReturnedAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        var states = (await runtime.ListAsync(ct)).ToDictionary(s => s.Session);
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await Mine(db, runtime).Select(s => new { s.Id, s.Phase, s.Wanted, s.Reason }).ToListAsync(ct);
        await work.WakeAsync(
            [.. rows.Where(r => Differs(r.Phase, states.GetValueOrDefault(r.Id)?.Phase) || Waits(r.Phase, r.Wanted) || (r.Phase == SessionPhase.Failed && r.Reason == RuntimeReasons.RuntimeLost)).Select(r => r.Id)],
            ct);

        // A row is always written before anything is started, so what has no row, or one that is over, is nobody's.
        var known = rows.Select(r => r.Id).ToHashSet();
        foreach (var orphan in states.Keys.Where(id => !known.Contains(id)))
        {
            if (await db.Sessions.AnyAsync(s => s.Id == orphan && s.Phase != SessionPhase.Terminated, ct))
                continue;
            LogOrphan(log, orphan, runtime.Name);
            await runtime.DeleteAsync(orphan, ct);
        }
    }

    /// <summary>Whether a change that a runtime tells is news.</summary>
    public async Task<bool> DiffersAsync(RuntimeState state, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.Sessions.Where(s => s.Id == state.Session).Select(s => new { s.Phase }).FirstOrDefaultAsync(ct);
        return row is not null && Differs(row.Phase, state.Phase);
    }

    private IQueryable<Session> Mine(SessionsDb db, ISessionRuntime runtime) =>
        db.Sessions.Where(s => s.Runtime == runtime.Name && s.Phase != SessionPhase.Terminated && (s.Node == null || s.Node == instance.Node));

    private static bool Waits(SessionPhase phase, SessionWish wanted) => phase is not SessionPhase.Failed && wanted switch
    {
        SessionWish.Running => phase != SessionPhase.Running,
        SessionWish.Frozen => phase != SessionPhase.Frozen,
        SessionWish.Hibernated => phase != SessionPhase.Hibernated,
        _ => true,
    };

    private static bool Differs(SessionPhase phase, RuntimePhase? has) => phase switch
    {
        SessionPhase.Running => has != RuntimePhase.Running,
        SessionPhase.Frozen => has != RuntimePhase.Frozen,
        SessionPhase.Failed or SessionPhase.Hibernated => has is RuntimePhase.Running or RuntimePhase.Frozen,
        // On the way somewhere: whoever drives it sees for himself.
        SessionPhase.Starting or SessionPhase.Preparing or SessionPhase.Waking or SessionPhase.Freezing or SessionPhase.Hibernating or SessionPhase.Terminating => false,
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {Session} on {Runtime} belongs to nobody and is removed")]
    private static partial void LogOrphan(ILogger log, SessionId session, string runtime);
}
