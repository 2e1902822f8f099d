using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Keeps <see cref="LiveLogins"/> true on this replica, whichever replica the change happened on.</summary>
internal sealed partial class LiveLoginsFollower(IEventFeed feed, LiveLogins logins, ILogger<LiveLoginsFollower> log) : BackgroundService
{
    private static readonly string Ended = EventTypes.NameOf(typeof(LoginEnded));
    private static readonly HashSet<string> AboutPeople =
        [EventTypes.NameOf(typeof(UserUpdated)), EventTypes.NameOf(typeof(UserLocked)), EventTypes.NameOf(typeof(UserDeleted))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var fact in feed.SubscribeAsync(null, stoppingToken))
                    Apply(fact);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(log, e.Message);
                logins.ForgetAll();
                await Task.Delay(TimeSpan.FromMilliseconds(200), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The host stops.
            }
        }
    }

    private void Apply(EventRecord fact)
    {
        if (fact.Type == Ended)
            logins.Forget(fact.As<LoginEnded>().Login);
        else if (fact.Concerns is { } user && AboutPeople.Contains(fact.Type))
            logins.Forget(user);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following changes of logins was interrupted; everything is read anew: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);
}
