using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>PATCH /dlp/violations/{id}/resolve: looked at, resolved, or found to be none.</summary>
internal static class ResolveViolation
{
    /// <param name="Resolution">What was found out; needed to close it.</param>
    /// <param name="Status">resolved when left out.</param>
    public sealed record Request(
        [MaxLength(2000)] string? Resolution = null,
        [RegularExpression("^(reviewed|resolved|false_positive)$", ErrorMessage = "must be reviewed, resolved or false_positive.")] string? Status = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPatch("/dlp/violations/{id}/resolve", HandleAsync).Needs(DlpPermissions.Manage).Audited("dlp.violation.resolved")
        .WithSummary("Close a violation, or mark it as looked at").WithTags("Data protection");

    internal static async Task<Results<Ok<ViolationView>, FailureResult>> HandleAsync(
        DlpViolationId id, Request request, ICaller caller, DlpDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked: of two people who close it at once, the second is told.
        if (await db.Incidents.FromSql($"select * from dlp.incidents where id = {id.Value} for update").SingleOrDefaultAsync(ct) is not { Outcome: not IncidentOutcome.Allowed } found)
            return ViolationFailures.NoSuchViolation.ToHttp();
        audit.Resource = $"dlp_violation:{id}";
        var before = found.Status;
        var to = request.Status switch { "reviewed" => IncidentStatus.Reviewed, "false_positive" => IncidentStatus.FalsePositive, _ => IncidentStatus.Resolved };
        if (found.Move(to, request.Resolution, caller.UserId, caller.Name, clock.GetUtcNow()) is { } failure)
            return failure.ToHttp();
        audit.Changed("status", Words.Of(before), Words.Of(to));
        if (to != IncidentStatus.Reviewed)
            events.Append(db, new DlpViolationResolved(found.Id, found.SessionId, found.UserId, Words.Of(to), caller.UserId));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(found.ToView());
    }
}
