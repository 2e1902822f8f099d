using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>Writes incidents and their events behind the streams' backs, in the order they were told, and forgets those past retention.</summary>
internal sealed partial class IncidentWriter(IDbContextFactory<DlpDb> databases, IEventLog events, IOptions<DlpOptions> options, TimeProvider clock, ILogger<IncidentWriter> log) : BackgroundService
{
    private const int MostWaiting = 20_000;
    private const int Batch = 200;
    private static readonly TimeSpan Forgetting = TimeSpan.FromHours(6);
    private readonly Channel<StreamIncident> waiting = Channel.CreateBounded<StreamIncident>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private long lost;
    private DateTimeOffset forgot;

    /// <summary>Takes an incident; when the database is away for long, what no longer fits is counted and told in the log.</summary>
    public void Add(StreamIncident incident)
    {
        if (!waiting.Writer.TryWrite(incident))
            Interlocked.Increment(ref lost);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        // What was told before the stop is written, once, without holding up the stop for a database that is gone.
        var rest = new List<Incident>();
        while (waiting.Reader.TryRead(out var told))
            rest.Add(Incident.Of(told));
        if (rest.Count > 0)
            await WriteAsync(rest, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Incident>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (batch.Count == 0 && !await waiting.Reader.WaitToReadAsync(stoppingToken))
                    return;
                while (batch.Count < Batch && waiting.Reader.TryRead(out var told))
                    batch.Add(Incident.Of(told));
                await WriteAsync(batch, stoppingToken);
                batch.Clear();
                await ForgetAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, batch.Count, Interlocked.Read(ref lost), e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteAsync(List<Incident> batch, CancellationToken ct)
    {
        using var _ = CallerAccessor.RunAs(Caller.System("dlp.incidents"));
        await using var db = await databases.CreateDbContextAsync(ct);
        db.AddRange(batch);
        foreach (var incident in batch)
        {
            events.Append(db, ToEvent(incident));
            if (incident.Notify)
                events.Append(db, new DlpReported(incident.SessionId, incident.UserId, incident.Username, incident.ToNow()));
        }

        await db.SaveChangesAsync(ct);
    }

    private async Task ForgetAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - forgot < Forgetting)
            return;
        forgot = now;
        var before = now.AddDays(-options.Value.RetentionDays);
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Incidents.Where(i => i.At < before).ExecuteDeleteAsync(ct);
    }

    private static IEvent ToEvent(Incident i) => i.Outcome switch
    {
        IncidentOutcome.Blocked => new DlpBlocked(i.SessionId, i.UserId, i.ToNow()),
        IncidentOutcome.Warned => new DlpWarned(i.SessionId, i.UserId, i.ToNow()),
        _ => new DlpAllowed(i.SessionId, i.UserId, i.ToNow()),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} data protection incidents could not be written and are tried again; {Lost} were lost so far")]
    private static partial void LogFailed(ILogger log, int count, long lost, Exception e);
}
