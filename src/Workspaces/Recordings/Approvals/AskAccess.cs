using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Approvals;

/// <summary>POST /recordings/{recording}/access-requests: ask to look.</summary>
internal static class AskAccess
{
    /// <param name="Reason">Why; whoever decides reads it, and it is kept in the log.</param>
    /// <param name="Hours">For how long, from the approval on; 1 to 168.</param>
    public sealed record Request([StringLength(500, MinimumLength = 3, ErrorMessage = "must be 3 to 500 characters: why you want to look.")] string Reason, [Range(1, 168)] int Hours = 24);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/recordings/{recording}/access-requests", HandleAsync).Needs(RecordingsPermissions.View).Audited("recording.access_requested")
            .WithName("AskRecordingAccess").WithTags("Recordings").WithSummary("Ask to look at a recording that needs approval").Produces<AccessAnswer>(StatusCodes.Status201Created);

    internal static async Task<IResult> HandleAsync(
        RecordingId recording, Request request, ICaller caller, RecordingsDb db, RecordingDesk desk, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (await desk.FindAsync(recording, ct) is not { } found)
            return RecordingFailures.Missing.ToHttp();
        audit.Resource = $"recording:{recording}";
        if (!desk.MayPlay(found))
            return RecordingFailures.MayNotPlay.ToHttp();
        var (me, now) = (caller.UserId, clock.GetUtcNow());
        var latest = await db.AccessRequests.AsNoTracking().Where(r => r.RecordingId == recording && r.UserId == me).OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct);
        var asked = AccessRequest.Ask(found, latest, caller, request.Reason, request.Hours, now);
        if (!asked.Ok)
            return asked.Failure.ToHttp();
        db.Add(asked.Value);
        desk.Log(recording, "asked", asked.Value.Reason);
        events.Append(db, new RecordingAccessRequested(recording, found.SessionId, me));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return AccessFailures.AlreadyAsked.ToHttp();
        }
        return TypedResults.Created($"/api/v1/recording-access-requests/{asked.Value.Id}", AccessAnswer.Of(asked.Value, found, caller, now));
    }
}
