using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Recorders;

namespace StreamSpace.Recordings.Policies;

/// <summary>
/// Makes what policies say true of sessions that already run, on one replica. Each second: (1) has a policy been made, changed or deleted, a window opened or closed, or somebody come into a team
/// that a policy names, or left it? Then (2) recordings
/// that no policy wants any more are asked to stop, the others get their policy's new terms; (3) sessions that a policy is for begin to be recorded. (4) What must end before it can begin
/// anew, under another policy, is looked at again.
/// </summary>
internal sealed partial class PolicyKeeper(IServiceScopeFactory scopes, ISingleRunner single, RecorderCrew crew, TimeProvider clock, ILogger<PolicyKeeper> log) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => single.RunAsync("recordings.policies", KeepAsync, stoppingToken);

    private async Task KeepAsync(CancellationToken ct)
    {
        string? done = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<RecordingsDb>();
                var open = await RecordingPolicy.OpenAsync(db, clock.GetUtcNow(), ct);
                var teams = scope.ServiceProvider.GetRequiredService<ITeamDirectory>();
                var named = await teams.FindAsync([.. open.SelectMany(p => p.ApplyTo.Teams ?? [])], ct);
                var now = string.Join(' ', open.Select(p => Written(p.Id, p.Version)).Concat(named.Values.OrderBy(t => t.Id.Value).Select(t => Written(t.Id.Value, t.Version))));
                if (!string.Equals(now, done, StringComparison.Ordinal)) // (1)
                    done = await ReconcileAsync(scope.ServiceProvider, db, open, teams, ct) ? now : null; // (4)
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, e.Message);
                done = null;
            }
            await Task.Delay(Beat, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when something has to end first.</returns>
    private async Task<bool> ReconcileAsync(IServiceProvider services, RecordingsDb db, IReadOnlyList<RecordingPolicy> open, ITeamDirectory teams, CancellationToken ct)
    {
        var active = await db.Recordings.Where(r => r.State == RecordingState.Recording).ToListAsync(ct);
        var byPolicy = active.Where(r => !r.ByHand).ToList();
        var chosen = await RecordingPolicy.ForAsync(open, [.. byPolicy.Select(r => new PolicyTarget(r.OwnerId, r.OwnerName, r.Template))], teams, ct);
        foreach (var (recording, policy) in byPolicy.Zip(chosen)) // (2)
        {
            if (policy is null || (recording.PolicyId is { } id && id != policy.Id) || recording.Silent != policy.Silent)
                recording.StopByPolicy();
            else
                recording.Follow(policy.Id, policy.Terms);
        }
        await db.SaveChangesAsync(ct);
        crew.Ring();
        if (open.Count > 0)
            await BeginAsync(services, open, active, teams, ct);
        return !byPolicy.Zip(chosen).Any(r => r.First.StopAsked && r.Second is not null);
    }

    /// <summary>(3)</summary>
    private static async Task BeginAsync(IServiceProvider services, IReadOnlyList<RecordingPolicy> open, List<Recording> active, ITeamDirectory teams, CancellationToken ct)
    {
        var (sessions, people, beginner) = (services.GetRequiredService<ISessionDirectory>(), services.GetRequiredService<IUserDirectory>(), services.GetRequiredService<PolicyBeginner>());
        var recorded = active.ToLookup(r => r.SessionId, r => r.Silent);
        for (SessionFacts? after = null; ;)
        {
            var page = await sessions.ListUpAsync(after, Batch, ct);
            var owners = await people.FindAsync([.. page.Select(s => s.Owner).Distinct()], ct);
            var named = page.Select(s => (Session: s, Owner: owners.GetValueOrDefault(s.Owner)?.Username ?? "")).ToList();
            var chosen = await RecordingPolicy.ForAsync(open, [.. named.Select(n => new PolicyTarget(n.Session.Owner, n.Owner, n.Session.Template))], teams, ct);
            foreach (var ((session, owner), which) in named.Zip(chosen))
            {
                if (which is { } policy && !recorded[session.Id].Contains(policy.Silent))
                    await beginner.BeginAsync(new(session.Id, session.Name, session.Owner, owner, session.Template, session.Phase), policy, ct);
            }
            if (page.Count < Batch)
                return;
            after = page[^1];
        }
    }

    private static string Written(Guid id, int version) => string.Create(CultureInfo.InvariantCulture, $"{id}.{version}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recording policies could not be applied to running sessions and are tried again: {Problem}")]
    private static partial void LogTrouble(ILogger log, string problem);
}
