using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>POST /dlp/policies. It counts from this moment on, on streams that are open already too.</summary>
internal static class CreatePolicy
{
    /// <param name="Name">Unique; people are told it when it blocks something.</param>
    /// <param name="ApplyTo">Whom it is about.</param>
    /// <param name="Rules">What it says.</param>
    /// <param name="Description">For administrators.</param>
    /// <param name="Enabled">True when left out.</param>
    /// <param name="Priority">0 when left out; higher goes first where values have no order.</param>
    /// <param name="Severity">Medium when left out.</param>
    /// <param name="Kind">A restriction when left out; stays as it is.</param>
    /// <param name="Reason">Why there is an exception; needed for one.</param>
    /// <param name="ExpiresAt">Until when an exception counts; needed for one.</param>
    /// <param name="NotifyAdmin">Whether administrators are told of violations at once; false when left out.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(80), RegularExpression(NamePattern, ErrorMessage = NameText)] string Name,
        PolicyScope ApplyTo,
        PolicyRules Rules,
        [MaxLength(1000)] string? Description = null,
        bool? Enabled = null,
        [Range(-1000, 1000, ErrorMessage = "must be between -1000 and 1000.")] int? Priority = null,
        DlpSeverity? Severity = null,
        PolicyKind? Kind = null,
        [MaxLength(1000)] string? Reason = null,
        DateTimeOffset? ExpiresAt = null,
        bool? NotifyAdmin = null);

    internal const string NamePattern = @"^ {0,80}[^\p{Cc}\s][^\p{Cc}]*$";
    internal const string NameText = "must be one line of text.";

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/dlp/policies", HandleAsync).Needs(DlpPermissions.Manage).Audited("dlp.policy.created")
        .WithSummary("Make a data protection policy").WithTags("Data protection");

    internal static async Task<Results<Created<PolicyView>, FailureResult>> HandleAsync(
        Request request, HttpContext context, DlpDb db, ITeamDirectory teams, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (PolicyCheck.Of(request.ApplyTo, request.Rules) is { } wrong)
            return wrong.ToHttp();
        if (await teams.CheckAsync(request.ApplyTo, ct) is { } unknown)
            return unknown.ToHttp();
        var kind = request.Kind ?? PolicyKind.Restriction;
        if (PolicyCheck.Exception(kind, request.Reason, request.ExpiresAt, request.Rules, clock.GetUtcNow()) is { } unfit)
            return unfit.ToHttp();
        var policy = Policy.Create(request.Name, request.ApplyTo, request.Rules, clock.GetUtcNow(), kind);
        policy.Reason = request.Reason?.Trim();
        policy.ExpiresAt = request.ExpiresAt?.ToUniversalTime();
        policy.NotifyAdmin = request.NotifyAdmin ?? false;
        policy.Description = request.Description?.Trim() ?? "";
        policy.Enabled = request.Enabled ?? true;
        policy.Priority = request.Priority ?? 0;
        policy.Severity = request.Severity ?? DlpSeverity.Medium;
        audit.Resource = $"dlp_policy:{policy.Id}";
        audit.Changed("name", null, policy.Name);
        audit.Changed("reason", null, policy.Reason);
        db.Add(policy);
        events.Append(db, new DlpPoliciesChanged(policy.Id, policy.Name, "created"));
        if (await SaveAsync(db, ct) is { } failure)
            return failure.ToHttp();
        context.TellVersion(policy.Version);
        return TypedResults.Created($"/api/v1/dlp/policies/{policy.Id}", policy.ToView());
    }

    /// <summary>Saves; null when that went well.</summary>
    internal static async Task<Failure?> SaveAsync(DlpDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return PolicyFailures.ChangedMeanwhile;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return PolicyFailures.NameTaken;
        }
    }
}
