using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Streaming.Files;

/// <summary>Tells the sessions that somebody works with their files, as often as a typing viewer would; a transfer tells it all along.</summary>
internal sealed partial class FileActivity(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FileActivity> log)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<SessionId, long> told = new();

    /// <summary>Never waits, never fails.</summary>
    public void Seen(SessionId session, UserId by)
    {
        var now = clock.GetTimestamp();
        if (told.TryGetValue(session, out var last) && clock.GetElapsedTime(last, now) < Pace)
            return;
        if (told.Count > MostRemembered)
            told.Clear();
        told[session] = now;
        _ = TellAsync(session, by);
    }

    private async Task TellAsync(SessionId session, UserId by)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISessionActivity>().InputSeenAsync(session, by, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogFailed(log, session, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {Session} could not be told that its files are in use: {Problem}")]
    private static partial void LogFailed(ILogger log, SessionId session, string problem);
}
