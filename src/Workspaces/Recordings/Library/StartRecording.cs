using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Policies;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;

namespace StreamSpace.Recordings.Library;

/// <summary>POST /sessions/{session}/recordings/start and stop: by hand.</summary>
internal static class StartRecording
{
    /// <param name="Reason">Why; kept with the recording.</param>
    /// <param name="Until">It ends then by itself, at the latest in 30 days.</param>
    /// <param name="For">It ends by itself after so long: 90s, 30m, 8h, at most 30d. Instead of <paramref name="Until"/>.</param>
    public sealed record Request([MaxLength(500)] string? Reason = null, DateTimeOffset? Until = null, string? For = null);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/sessions/{session}/recordings/start", HandleAsync).Needs(RecordingsPermissions.Record).Audited("recording.started")
            .WithName("StartRecording").WithTags("Recordings").WithSummary("Start to record a session").Produces<RecordingAnswer>(StatusCodes.Status201Created);
        api.MapPost("/sessions/{session}/recordings/stop", StopAsync).Needs(RecordingsPermissions.Record).Audited("recording.stopped")
            .WithName("StopRecording").WithTags("Recordings").WithSummary("Stop recording a session").Produces<RecordingAnswer>();
    }

    internal static async Task<IResult> HandleAsync(
        SessionRef session, Request? request, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, IUserDirectory people, ITeamDirectory teams, RecordingsDb db, RecordingDesk desk,
        SegmentShelf shelf, RecorderCrew crew, IEventLog events, IOptions<RecordingsOptions> options, TimeProvider clock, AuditScope audit, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return RecordingFailures.NoSession.ToHttp();
        if (!sight.Manages)
            return RecordingFailures.NotYours.ToHttp();
        var owner = (await people.FindAsync([sight.Session.Owner], ct)).GetValueOrDefault(sight.Session.Owner);
        var settings = options.Value;
        var facts = sight.Session;
        var recorded = new RecordedSession(facts.Id, facts.Name, facts.Owner, owner?.Username ?? "", facts.Template, facts.Phase);
        // A policy holds for what is recorded by hand as well, but whoever starts it knows of it.
        var open = await RecordingPolicy.OpenAsync(db, clock.GetUtcNow(), ct);
        var policy = (await RecordingPolicy.ForAsync(open, [new(recorded.Owner, recorded.OwnerName, recorded.Template)], teams, ct))[0];
        var terms = policy is not null
            ? policy.Terms with { Silent = false }
            : new RecordingTerms(settings.FramesPerSecond, settings.RetentionDays, settings.AllowPlayback, settings.AllowDownload, Silent: false);
        var now = clock.GetUtcNow();
        var end = EndOf(request, now);
        if (!end.Ok)
            return end.Failure.ToHttp();
        var started = Recording.Start(recorded, caller, request?.Reason, terms, shelf.NewKey(), now, end.Value);
        if (!started.Ok)
            return started.Failure.ToHttp();
        audit.Resource = $"recording:{started.Value.Id}";
        db.Add(started.Value);
        events.Append(db, started.Value.Started(notify: recorded.Owner != caller.UserId && (policy?.NotifyOnRecording ?? true)));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return RecordingFailures.Already.ToHttp();
        }
        crew.Ring();
        return TypedResults.Created($"/api/v1/recordings/{started.Value.Id}", (await desk.AnswerAsync([started.Value], ct))[0]);
    }

    private static Result<DateTimeOffset?> EndOf(Request? request, DateTimeOffset now)
    {
        if (request?.For is { } text)
        {
            if (request.Until is not null)
                return Failure.Field("for", "cannot be together with until; say one of them.");
            return Duration.TryParse(text, out var length) && length <= Longest ? now + length : Failure.Field("for", "must be a duration of at most 30 days, such as 90s, 30m or 8h.");
        }
        if (request?.Until is not { } until)
            return (DateTimeOffset?)null;
        return until > now && until <= now + Longest ? until.ToUniversalTime() : Failure.Field("until", "must be a time to come within 30 days.");
    }

    internal static async Task<IResult> StopAsync(
        SessionRef session, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, RecordingsDb db, RecordingDesk desk, RecorderCrew crew, AuditScope audit, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return RecordingFailures.NoSession.ToHttp();
        if (await desk.Visible().Where(r => r.SessionId == sight.Session.Id && r.State == RecordingState.Recording).OrderBy(r => r.Silent).FirstOrDefaultAsync(ct) is not { } recording)
            return RecordingFailures.NotRecorded.ToHttp();
        audit.Resource = $"recording:{recording.Id}";
        if (recording.AskToStop(caller) is { } failure)
            return failure.ToHttp();
        desk.Log(recording.Id, "stopped");
        await db.SaveChangesAsync(ct);
        crew.Ring();
        return TypedResults.Ok((await desk.AnswerAsync([recording], ct))[0]);
    }
}
