using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Watching;

/// <summary>
/// Follows the event feed for what is looked at here: sessions change phase, logins end, rights come and go. An event is only the reason to look
/// again; what counts is what the directories say then. Losing the right, the share, the login or the session ends the viewer within a second.
/// </summary>
internal sealed partial class RightsWatch(IServiceScopeFactory scopes, IEventFeed feed, ViewerBook book, PolicyWatch policies, TimeProvider clock, ILogger<RightsWatch> log) : BackgroundService
{
    private readonly ConcurrentDictionary<SessionId, Watched> _watched = new();

    /// <summary>Begins to watch a session; null when there is none. Give it back with <see cref="Release"/>.</summary>
    public async Task<SessionWatch?> AcquireAsync(SessionId session, CancellationToken ct)
    {
        var watched = _watched.AddOrUpdate(session, _ => new Watched { Users = 1 }, (_, w) => w with { Users = w.Users + 1 });
        try
        {
            await RefreshAsync(session, ct);
        }
        catch
        {
            Release(session);
            throw;
        }
        if (watched.Cell.Watch is { } watch)
            return watch;
        Release(session);
        return null;
    }

    public void Release(SessionId session)
    {
        while (_watched.TryGetValue(session, out var watched))
        {
            if (watched.Users > 1 ? _watched.TryUpdate(session, watched with { Users = watched.Users - 1 }, watched) : _watched.TryRemove(new(session, watched)))
                return;
        }
    }

    /// <summary>Looks at every login and right again: for what ends by time, and for events that never came.</summary>
    public async Task RecheckAllAsync(CancellationToken ct)
    {
        foreach (var (viewer, relay) in book.Here)
            await RecheckAsync(viewer, relay, ct);
        foreach (var session in _watched.Keys)
            await RefreshAsync(session, ct);
        await policies.ApplyToAllAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? last = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var fact in feed.SubscribeAsync(last, stoppingToken))
                {
                    last = fact.Position;
                    await HandleAsync(fact, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Without the feed rights cannot be followed as they change; what was missed is made good by looking at everything again.
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(EventRecord fact, CancellationToken ct)
    {
        switch (fact.Type)
        {
            case "session.connected" or "session.disconnected" or "session.heartbeat" or "session.progress":
                return;
            case "session.viewer.dropped":
                Drop(fact.As<ViewerDropped>());
                return;
            case "team.member.added" or "team.member.removed" when fact.Concerns is { } member:
                await policies.ApplyToAsync(member, ct);
                return;
            case "dlp.policy.changed":
                await policies.ApplyToAllAsync(ct);
                return;
            case "login.ended":
                EndLogin(fact.As<LoginEnded>().Login);
                return;
        }
        if (fact.Type.StartsWith("session.", StringComparison.Ordinal))
        {
            if (SessionOf(fact.Subject) is not { } session || !_watched.ContainsKey(session))
                return;
            await RefreshAsync(session, ct);
            await RecheckAsync(v => v.Session == session, ct);
        }
        else if (fact.Type.StartsWith("user.", StringComparison.Ordinal) && fact.Concerns is { } user && book.Here.Any(v => v.Viewer.Login.User == user))
        {
            await RecheckAsync(v => v.Login.User == user, ct);
            // Other listeners of the same event keep caches of people; a moment later they have caught up.
            _ = RecheckSoonAsync(user, ct);
        }
    }

    private void Drop(ViewerDropped dropped) => book.Find(dropped.Viewer)?.End(
        dropped.Politely ? ViewerEnd.LeftPolitely : ViewerEnd.Dropped, dropped.Politely ? "Disconnected." : "You were disconnected from this session.");

    private void EndLogin(LoginId login)
    {
        foreach (var (viewer, _) in book.Here)
        {
            if (viewer.Login.Login == login)
                viewer.End(ViewerEnd.LoginEnded, "Your login has ended. Log in again.");
        }
    }

    private async Task RecheckSoonAsync(UserId user, CancellationToken ct)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), clock, ct);
            await RecheckAsync(v => v.Login.User == user, ct);
        }
        catch (Exception e)
        {
            LogInterrupted(log, e.Message);
        }
    }

    private async Task RecheckAsync(Func<Viewer, bool> which, CancellationToken ct)
    {
        foreach (var (viewer, relay) in book.Here)
        {
            if (which(viewer))
                await RecheckAsync(viewer, relay, ct);
        }
    }

    /// <summary>Looks at one viewer's login and right as of now: ends it, or gives it the level it has.</summary>
    public async Task RecheckAsync(Viewer viewer, ViewerRelay relay, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ILoginDirectory>().FindAsync(viewer.Login.Login, ct) is not { } login || login.User != viewer.Login.User)
        {
            viewer.End(ViewerEnd.LoginEnded, "Your login has ended. Log in again.");
            return;
        }
        var sessions = scope.ServiceProvider.GetRequiredService<ISessionDirectory>();
        var sight = await sessions.FindAsync(new SessionRef(viewer.Session, null), viewer.Login.User, login.Permissions.Contains, ct);
        if (sight is null || sight.Session.Phase == SessionPhase.Terminated)
            await EndUnseenAsync(viewer, sessions, ct);
        else if (sight.Level is not { } own)
            viewer.End(ViewerEnd.Revoked, viewer.SentenceOfRevoked);
        else if ((own < viewer.Asked ? own : viewer.Asked) is var level && level != viewer.Level)
        {
            viewer.Level = level;
            relay.ApplyLevel();
            await book.NoteLevelAsync(viewer, ct);
            await policies.TellAsync([viewer], ct);
        }
    }

    private static async Task EndUnseenAsync(Viewer viewer, ISessionDirectory sessions, CancellationToken ct)
    {
        var there = await sessions.FindAsync(viewer.Session, ct) is { Phase: not SessionPhase.Terminated };
        viewer.End(there ? ViewerEnd.Revoked : ViewerEnd.SessionEnded, there ? viewer.SentenceOfRevoked : "The session has ended.");
    }

    /// <summary>One load at a time per session, so that an older answer never overwrites a newer one.</summary>
    private async Task RefreshAsync(SessionId session, CancellationToken ct)
    {
        if (!_watched.TryGetValue(session, out var watched))
            return;
        await watched.Cell.Loading.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var facts = await scope.ServiceProvider.GetRequiredService<ISessionDirectory>().FindAsync(session, ct);
            if (facts is null)
                watched.Cell.Watch?.Update(watched.Cell.Watch.Now.Facts with { Phase = SessionPhase.Terminated });
            else if (watched.Cell.Watch is { } watch)
                watch.Update(facts);
            else
                watched.Cell.Watch = new(facts);
        }
        finally
        {
            watched.Cell.Loading.Release();
        }
    }

    private static SessionId? SessionOf(string subject) =>
        subject.StartsWith("session:", StringComparison.Ordinal) && Guid.TryParse(subject.AsSpan(8), out var id) ? SessionId.From(id) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following rights was interrupted: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);

    private sealed record Watched
    {
        public int Users { get; init; }

        public Cell Cell { get; init; } = new();
    }

    private sealed class Cell
    {
        public SemaphoreSlim Loading { get; } = new(1, 1);

        public volatile SessionWatch? Watch;
    }
}
