using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Follows the event log once for all sockets of this process, and cuts those whose login ends.</summary>
internal sealed partial class LiveHub(IEventFeed feed, ILoginDirectory logins, ISessionGrants grants, ILogger<LiveHub> log) : BackgroundService
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<LiveListener, byte> listeners = new();

    /// <summary>Starts to hand messages to a listener; answers a position after which it misses none.</summary>
    public async Task<long> AddAsync(LiveListener listener, CancellationToken ct)
    {
        listeners[listener] = 0;
        // Right after the server's start the feed does not know yet where the log ends.
        for (var wait = 0; feed.Position == 0 && wait < 100; wait++)
            await Task.Delay(10, ct);
        await listener.Given.ReadAsync(listener.User, grants, ct);
        return feed.Position;
    }

    public void Remove(LiveListener listener) => listeners.TryRemove(listener, out _);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (listener, _) in listeners)
            listener.Stop(LiveEnd.ServerStops);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), RecheckAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken ct)
    {
        long? last = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var fact in feed.SubscribeAsync(last, ct))
                {
                    Handle(fact, ct);
                    last = fact.Position;
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Handle(EventRecord fact, CancellationToken ct)
    {
        if (fact.Type == "login.ended")
        {
            var ended = fact.As<LoginEnded>().Login;
            foreach (var (listener, _) in listeners)
            {
                if (listener.Login == ended)
                    listener.Stop(LiveEnd.LoginEnded);
            }
        }
        else if (fact.Type.StartsWith("user.", StringComparison.Ordinal) && fact.Concerns is { } person)
        {
            var theirs = listeners.Keys.Where(l => l.User == person).ToArray();
            if (theirs.Length > 0)
                _ = LookAgainAsync(theirs, ct);
        }
        else if (!listeners.IsEmpty && LiveMessage.From(fact) is { } message)
        {
            if (message.Also is { } given)
                Give(fact, given, ct);
            foreach (var (listener, _) in listeners)
                listener.Offer(message);
        }
    }

    // At once by what the event says, so that what follows it finds the right there or gone; and again by what there is beside it.
    private void Give(EventRecord fact, UserId person, CancellationToken ct)
    {
        var theirs = listeners.Keys.Where(l => l.User == person).ToArray();
        foreach (var listener in theirs)
            listener.Given.Follow(fact);
        if (theirs.Length > 0)
            _ = LookAgainAsync(theirs, ct);
    }

    // Roles may have changed, or the person was locked or deleted.
    private async Task LookAgainAsync(IEnumerable<LiveListener> some, CancellationToken ct)
    {
        try
        {
            foreach (var listener in some)
            {
                await listener.Given.ReadAsync(listener.User, grants, ct);
                if (listener.Login is not { } login)
                    continue;
                if (await logins.FindAsync(login, ct) is { } holds)
                {
                    listener.Holds = LiveMessage.Audiences.Where(holds.Permissions.Contains).ToHashSet(StringComparer.Ordinal);
                    listener.SeesAll = holds.Permissions.Contains(SessionsPermissions.ViewAll.Name) || holds.Permissions.Contains(SessionsPermissions.ManageAll.Name);
                }
                else
                    listener.Stop(LiveEnd.LoginEnded);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogInterrupted(log, e.Message);
        }
    }

    // Logins also end by time, which no event tells.
    private async Task RecheckAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Recheck, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LookAgainAsync(listeners.Keys.ToArray(), ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The realtime hub was interrupted and goes on: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);
}
