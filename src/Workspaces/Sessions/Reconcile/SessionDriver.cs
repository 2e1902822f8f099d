using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Works on one claimed session until what is, is what is wanted: 1 read the row, 2 ask the runtime, 3 decide, 4 act, 5 note, and again from 1.
/// Every act may be repeated, so a reconciler may die at any instruction.
/// </summary>
internal sealed partial class SessionDriver(
    IDbContextFactory<SessionsDb> databases, SessionWriter writer, RuntimeRegistry runtimes, Launcher launcher, Admission admission, IdleWatch idle,
    TimeProvider clock, ILogger<SessionDriver> log)
{
    private const int MostTurns = 12;

    /// <returns>When the session is due again; null: only after a wish.</returns>
    public async Task<DateTimeOffset?> DriveAsync(SessionId id, SemaphoreSlim poked, CancellationToken ct)
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            Session? session;
            await using (var db = await databases.CreateDbContextAsync(ct))
                session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct);
            if (session is null || session.Phase == SessionPhase.Terminated)
            {
                await ForgetAsync(id, ct);
                return null;
            }

            var runtime = runtimes.Find(session.Runtime);
            var (reachable, actual) = await AskAsync(session, runtime, ct);
            var move = Decision.For(session, actual, reachable);
            switch (move)
            {
                case Move.Rest when session.Wanted is SessionWish.Running or SessionWish.Frozen && session.Phase is SessionPhase.Running or SessionPhase.Frozen:
                    if (await idle.LookAsync(session, runtime!, ct) is { } due)
                        return due;
                    break;
                case Move.Rest:
                    return null;
                case Move.Wait:
                    // Its return makes its sessions due; only a hiccup that nobody noticed must be looked at again from here.
                    return clock.GetUtcNow().AddSeconds(runtimes.HealthOf(session.Runtime).Available ? 5 : 60);
                case Move.Launch when !session.Admitted:
                    if (!await admission.AdmitAsync(id, ct))
                        return clock.GetUtcNow().AddSeconds(15);
                    break;
                default:
                    await ActAsync(session, runtime!, actual, move, poked, ct);
                    break;
            }
        }

        LogRestless(log, id);
        return clock.GetUtcNow().AddSeconds(2);
    }

    private async Task<(bool Reachable, RuntimeState? Actual)> AskAsync(Session session, ISessionRuntime? runtime, CancellationToken ct)
    {
        if (runtime is null)
            return (false, null);
        if (!runtimes.Knows(runtime.Name))
            await runtimes.ProbeAsync(runtime, ct);
        if (!runtimes.HealthOf(runtime.Name).Available)
            return (false, null);
        if (session.Generation == 0)
            return (true, null);
        try
        {
            return (true, await runtime.InspectAsync(session.Id, ct));
        }
        catch (RuntimeFailure e) when (e.Reason == RuntimeReasons.RuntimeLost)
        {
            return (false, null);
        }
    }

    private async Task ActAsync(Session session, ISessionRuntime runtime, RuntimeState? actual, Move move, SemaphoreSlim poked, CancellationToken ct)
    {
        var id = session.Id;
        try
        {
            switch (move)
            {
                case Move.Launch:
                    await launcher.LaunchAsync(id, runtime, poked, ct);
                    break;
                case Move.Adopt:
                    await writer.ChangeAsync(id, s => s.Adopt(clock.GetUtcNow()), ct);
                    break;
                case Move.Thaw:
                    if (session.Phase is not (SessionPhase.Waking or SessionPhase.Failed))
                        await writer.ChangeAsync(id, s => s.Begin(SessionPhase.Waking), ct);
                    await runtime.ThawAsync(id, ct);
                    await writer.ChangeAsync(id, s => s.Thaw(clock.GetUtcNow()), CancellationToken.None);
                    break;
                case Move.Freeze:
                    await writer.ChangeAsync(id, s => s.Begin(SessionPhase.Freezing), ct);
                    await runtime.FreezeAsync(id, ct);
                    await writer.ChangeAsync(id, s => s.Freeze(clock.GetUtcNow()), CancellationToken.None);
                    break;
                case Move.Limit:
                    await LimitAsync(session, runtime, ct);
                    break;
                case Move.NoteFrozen:
                    await writer.ChangeAsync(id, s => s.Freeze(clock.GetUtcNow()), ct);
                    break;
                case Move.StopForRestart:
                    await runtime.StopAsync(id, ct);
                    await writer.ChangeAsync(id, s => s.StoppedForRestart(clock.GetUtcNow()), CancellationToken.None);
                    break;
                case Move.Sweep:
                    await runtime.StopAsync(id, ct);
                    break;
                case Move.Stop:
                    if (session.MayHaveProcesses)
                        await writer.ChangeAsync(id, s => s.Begin(SessionPhase.Hibernating), ct);
                    if (session.Generation > 0)
                        await runtime.StopAsync(id, ct);
                    await writer.ChangeAsync(id, s => s.Hibernate(clock.GetUtcNow()), CancellationToken.None);
                    break;
                case Move.Delete:
                    if (session.Generation > 0)
                    {
                        await writer.ChangeAsync(id, s => s.Begin(SessionPhase.Terminating), ct);
                        await runtime.DeleteAsync(id, ct);
                    }

                    await writer.ChangeAsync(id, s => s.End(clock.GetUtcNow()), CancellationToken.None);
                    break;
                case Move.NoteLost:
                    var problem = runtimes.HealthOf(session.Runtime).Problem;
                    await writer.ChangeAsync(id, s => s.Fail(RuntimeReasons.RuntimeLost, $"The runtime {s.Runtime} does not answer; the session goes on when it does. {problem}".TrimEnd()), ct);
                    break;
                case Move.NoteStopped:
                    await writer.ChangeAsync(id, s => s.Fail(actual?.Reason ?? RuntimeReasons.ProgramEnded, actual?.Message ?? "The session's processes ended. Start it again to go on."), ct);
                    break;
            }
        }
        catch (RuntimeFailure e) when (e.Reason == RuntimeReasons.NotSupported && move == Move.Freeze)
        {
            await writer.ChangeAsync(id, s => s.TakeBack(e.Reason, e.Message), ct);
        }
        catch (RuntimeFailure e) when (e.Reason == RuntimeReasons.RuntimeLost || (e.Reason == RuntimeReasons.WrongState && move == Move.Limit))
        {
            // The next turn asks again, and tells the session if the runtime is still away or its processes are.
        }

        if (move is Move.Stop or Move.Delete or Move.NoteStopped or Move.Launch or Move.Limit)
            await admission.PassOnAsync(session.Runtime, ct);
    }

    private async Task LimitAsync(Session session, ISessionRuntime runtime, CancellationToken ct)
    {
        var (cpu, memory) = (session.CpuMillicores, session.MemoryBytes);
        try
        {
            await runtime.LimitAsync(session.Id, new(cpu, memory, session.StorageBytes, session.Processes), ct);
            await writer.ChangeAsync(session.Id, s => s.Limited(cpu, memory), CancellationToken.None);
        }
        catch (RuntimeFailure e) when (e.Reason is not (RuntimeReasons.RuntimeLost or RuntimeReasons.WrongState))
        {
            await writer.ChangeAsync(session.Id, s => s.NotLimited(cpu, memory, e.Reason, e.Message), CancellationToken.None);
        }
    }

    private async Task ForgetAsync(SessionId id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Work.Where(w => w.SessionId == id).ExecuteDeleteAsync(ct);
        await db.Presence.Where(p => p.SessionId == id).ExecuteDeleteAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {Session} does not come to rest; it is looked at again in 2 s")]
    private static partial void LogRestless(ILogger log, SessionId session);
}
