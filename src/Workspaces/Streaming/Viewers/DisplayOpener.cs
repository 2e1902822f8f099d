using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Viewers;

/// <summary>Connects relays to the sessions and runtimes behind the ports.</summary>
internal sealed partial class DisplayOpener(
    IServiceScopeFactory scopes, IEnumerable<ISessionRuntime> runtimes, IEnumerable<ISessionTap> taps, IDataProtection protection, TimeProvider clock, ILogger<DisplayOpener> log)
{
    private readonly ISessionTap[] _taps = [.. taps];
    private readonly Dictionary<string, ISessionRuntime> _runtimes = runtimes.ToDictionary(r => r.Name, StringComparer.Ordinal);

    public RelaySurroundings For(Viewer viewer, StreamMetrics metrics)
    {
        var waking = 0;
        return new(
            ct => OpenAsync(viewer.Session, ct),
            Pressed: () =>
            {
                if (Interlocked.Exchange(ref waking, 1) == 0)
                    _ = WakeAsync(viewer, () => Interlocked.Exchange(ref waking, 0));
            },
            InputSeen: () => _ = TellInputAsync(viewer),
            PressesSeen: presses =>
            {
                foreach (var tap in _taps)
                    tap.Pressed(viewer.Session, viewer.Login.User, presses);
            },
            metrics,
            clock,
            protection,
            Pasted: bytes =>
            {
                foreach (var tap in _taps)
                    tap.Pasted(viewer.Session, viewer.Login.User, bytes);
            });
    }

    /// <summary>A connection to the session's display, and the password it will ask for.</summary>
    public async Task<(Stream Stream, string? Password)> OpenAsync(SessionId session, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var access = await scope.ServiceProvider.GetRequiredService<ISessionDisplays>().FindAsync(session, ct)
            ?? throw new RuntimeFailure(RuntimeReasons.DisplayLost, "The session has no display now.");
        if (!_runtimes.TryGetValue(access.Runtime, out var runtime))
            throw new RuntimeFailure(RuntimeReasons.RuntimeLost, $"The runtime '{access.Runtime}' is not switched on here.");
        return (await runtime.OpenDisplayAsync(session, ct), access.Password);
    }

    private async Task WakeAsync(Viewer viewer, Action done)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISessionWaker>().WakeAsync(viewer.Session, viewer.Login.User, WakeCause.Input, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogFailed(log, viewer.Session, e.Message);
        }
        finally
        {
            done();
        }
    }

    /// <summary>Tells the sessions that a picture moves before somebody. Never throws.</summary>
    public Task TellPictureAsync(SessionId session) => TellAsync(session, activity => activity.PictureMovesAsync(session, CancellationToken.None));

    private Task TellInputAsync(Viewer viewer) => TellAsync(viewer.Session, activity => activity.InputSeenAsync(viewer.Session, viewer.Login.User, CancellationToken.None));

    private async Task TellAsync(SessionId session, Func<ISessionActivity, Task> tell)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await tell(scope.ServiceProvider.GetRequiredService<ISessionActivity>());
        }
        catch (Exception e)
        {
            LogFailed(log, session, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {Session} could not be told about its viewer: {Problem}")]
    private static partial void LogFailed(ILogger log, SessionId session, string problem);
}
