using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Says that this process lives; one replica tells the sessions of a machine that went silent, lets waiting sessions in should a wake-up have been
/// lost, and removes what ended long ago.
/// </summary>
internal sealed partial class Housekeeper(
    IDbContextFactory<SessionsDb> databases, NpgsqlDataSource database, SessionWriter writer, Admission admission, ISingleRunner single, Instance instance,
    IOptions<SessionsOptions> options, TimeProvider clock, ILogger<Housekeeper> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var runsAs = CallerAccessor.RunAs(Caller.System("sessions.housekeeper"));
        await Task.WhenAll(BeatAsync(stoppingToken), single.RunAsync("sessions.house", KeepAsync, stoppingToken));
        try
        {
            await ExecuteAsync("delete from sessions.replicas where instance = $1", [instance.Name], CancellationToken.None);
        }
        catch (Exception e)
        {
            // The database went first; silence tells the others.
            LogTrouble(log, e);
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ExecuteAsync(
                    "insert into sessions.replicas(instance, node, seen_at) values ($1, $2, clock_timestamp()) on conflict (instance) do update set seen_at = clock_timestamp()", [instance.Name, instance.Node], ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e);
            }

            await Task.Delay(Beat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(CancellationToken ct)
    {
        for (var round = 0; !ct.IsCancellationRequested; round++)
        {
            await TellSilentNodesAsync(ct);
            if (round % 5 == 0)
                await LetInAsync(ct);
            if (round % 1800 == 0)
                await RemoveAsync(ct);
            await Task.Delay(Beat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellSilentNodesAsync(CancellationToken ct)
    {
        await ExecuteAsync("delete from sessions.replicas where seen_at < clock_timestamp() - $1", [Silent], ct);
        await using var db = await databases.CreateDbContextAsync(ct);
        var alive = await db.Replicas.Select(r => r.Node).Distinct().ToListAsync(ct);
        var lost = await db.Sessions
            .Where(s => s.Node != null && !alive.Contains(s.Node) && s.Phase != SessionPhase.Failed && s.Phase != SessionPhase.Hibernated && s.Phase != SessionPhase.Terminated)
            .OrderBy(s => s.Id).Select(s => s.Id).Take(1000).ToListAsync(ct);
        foreach (var id in lost)
            await writer.ChangeAsync(id, s => s.Fail(RuntimeReasons.RuntimeLost, $"The server on {s.Node} that carries this session does not answer; the session goes on when it does."), ct);
    }

    private async Task LetInAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        foreach (var runtime in await db.Sessions.Where(s => s.QueuedAt != null).Select(s => s.Runtime).Distinct().ToListAsync(ct))
            await admission.PassOnAsync(runtime, ct);
    }

    private async Task RemoveAsync(CancellationToken ct)
    {
        var oldest = clock.GetUtcNow() - options.Value.KeepEnded;
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.TerminatedAt < oldest).ExecuteDeleteAsync(ct);
        await db.Activity.Where(a => a.At < oldest).ExecuteDeleteAsync(ct);
        await ExecuteAsync("delete from sessions.work w where not exists (select from sessions.sessions s where s.id = w.session_id)", [], ct);
    }

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This server could not say that it lives")]
    private static partial void LogTrouble(ILogger log, Exception e);
}
