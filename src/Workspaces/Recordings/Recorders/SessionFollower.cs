using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Recorders;

/// <summary>Tells recorders of this process what the event log says about their sessions.</summary>
internal sealed partial class SessionFollower(IEventFeed feed, RecorderCrew crew, TimeProvider clock, ILogger<SessionFollower> log) : BackgroundService
{
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
                    Handle(fact);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Handle(EventRecord fact)
    {
        if (!fact.Subject.StartsWith("session:", StringComparison.Ordinal) || !Guid.TryParse(fact.Subject.AsSpan(8), out var id))
            return;
        foreach (var recorder in crew.Find(SessionId.From(id)))
        {
            if (fact.Type == "session.connected")
                recorder.Note(new("viewer.came", User: fact.As<SessionConnected>().User.ToString()));
            else if (fact.Type == "session.disconnected")
                recorder.Note(new("viewer.went", User: fact.As<SessionDisconnected>().User.ToString()));
            else if (fact.Type is not ("session.heartbeat" or "session.progress"))
                recorder.Look();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recorders' view of the event log was interrupted and goes on: {Problem}")]
    private static partial void LogInterrupted(ILogger log, string problem);
}
