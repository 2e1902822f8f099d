using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>PATCH and DELETE /dlp/policies/{id}. What is left out stays; <c>apply_to</c> and <c>rules</c> are replaced as a whole.</summary>
internal static class ChangePolicy
{
    /// <param name="Name">Unique.</param>
    /// <param name="ApplyTo">Whom it is about; replaced as a whole.</param>
    /// <param name="Rules">What it says; replaced as a whole.</param>
    /// <param name="Description">For administrators.</param>
    /// <param name="Enabled">Whether it counts.</param>
    /// <param name="Priority">Higher goes first where values have no order.</param>
    /// <param name="Severity">How grave a violation is.</param>
    /// <param name="Reason">Why there is an exception.</param>
    /// <param name="ExpiresAt">Until when an exception counts.</param>
    /// <param name="NotifyAdmin">Whether administrators are told of violations at once.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(80), RegularExpression(CreatePolicy.NamePattern, ErrorMessage = CreatePolicy.NameText)] string? Name = null,
        PolicyScope? ApplyTo = null,
        PolicyRules? Rules = null,
        [MaxLength(1000)] string? Description = null,
        bool? Enabled = null,
        [Range(-1000, 1000, ErrorMessage = "must be between -1000 and 1000.")] int? Priority = null,
        DlpSeverity? Severity = null,
        [MaxLength(1000)] string? Reason = null,
        DateTimeOffset? ExpiresAt = null,
        bool? NotifyAdmin = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/dlp/policies/{id}", HandleAsync).Needs(DlpPermissions.Manage).Audited("dlp.policy.updated")
            .WithSummary("Change a data protection policy").WithTags("Data protection");
        api.MapDelete("/dlp/policies/{id}", DeleteAsync).Needs(DlpPermissions.Manage).Audited("dlp.policy.deleted")
            .WithSummary("Delete a data protection policy").WithTags("Data protection");
    }

    internal static async Task<Results<Ok<PolicyView>, FailureResult>> HandleAsync(
        DlpPolicyId id, Request request, HttpContext context, DlpDb db, ITeamDirectory teams, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Policies.SingleOrDefaultAsync(p => p.Id == id, ct) is not { } policy)
            return PolicyFailures.NoSuchPolicy.ToHttp();
        if (context.EditsOlderThan(policy.Version))
            return PolicyFailures.ChangedMeanwhile.ToHttp();
        if (PolicyCheck.Of(request.ApplyTo, request.Rules) is { } wrong)
            return wrong.ToHttp();
        if (await teams.CheckAsync(request.ApplyTo, ct) is { } unknown)
            return unknown.ToHttp();
        // Of an exception that has run out everything but its end may still be put right.
        var end = request.ExpiresAt ?? (policy.ExpiryTold ? clock.GetUtcNow().AddMinutes(1) : policy.ExpiresAt);
        if (PolicyCheck.Exception(policy.Kind, request.Reason ?? policy.Reason, end, request.Rules ?? policy.Rules, clock.GetUtcNow()) is { } unfit)
            return unfit.ToHttp();
        audit.Resource = $"dlp_policy:{policy.Id}";
        var before = policy.ToView();
        policy.Name = request.Name?.Trim() ?? policy.Name;
        policy.Description = request.Description?.Trim() ?? policy.Description;
        policy.Enabled = request.Enabled ?? policy.Enabled;
        policy.Priority = request.Priority ?? policy.Priority;
        policy.Severity = request.Severity ?? policy.Severity;
        policy.Rules = request.Rules ?? policy.Rules;
        policy.Reason = request.Reason?.Trim() ?? policy.Reason;
        policy.NotifyAdmin = request.NotifyAdmin ?? policy.NotifyAdmin;
        if (request.ExpiresAt is { } expires)
            (policy.ExpiresAt, policy.ExpiryTold) = (expires.ToUniversalTime(), false);
        if (request.ApplyTo is { } scope)
            policy.Apply(scope);
        Tell(audit, before, policy.ToView());
        if (audit.Changes.Count > 0)
        {
            policy.Touch(clock.GetUtcNow());
            events.Append(db, new DlpPoliciesChanged(policy.Id, policy.Name, "updated"));
            if (await CreatePolicy.SaveAsync(db, ct) is { } failure)
                return failure.ToHttp();
        }

        context.TellVersion(policy.Version);
        return TypedResults.Ok(policy.ToView());
    }

    internal static async Task<Results<NoContent, FailureResult>> DeleteAsync(
        DlpPolicyId id, HttpContext context, DlpDb db, IEventLog events, AuditScope audit, CancellationToken ct)
    {
        if (await db.Policies.SingleOrDefaultAsync(p => p.Id == id, ct) is not { } policy)
            return PolicyFailures.NoSuchPolicy.ToHttp();
        if (context.EditsOlderThan(policy.Version))
            return PolicyFailures.ChangedMeanwhile.ToHttp();
        audit.Resource = $"dlp_policy:{policy.Id}";
        audit.Changed("name", policy.Name, null);
        db.Remove(policy);
        events.Append(db, new DlpPoliciesChanged(policy.Id, policy.Name, "deleted"));
        return await CreatePolicy.SaveAsync(db, ct) is { } failure ? failure.ToHttp() : TypedResults.NoContent();
    }

    private static void Tell(AuditScope audit, PolicyView before, PolicyView after)
    {
        audit.Changed("name", before.Name, after.Name);
        audit.Changed("description", before.Description, after.Description);
        audit.Changed("enabled", before.Enabled, after.Enabled);
        audit.Changed("priority", before.Priority, after.Priority);
        audit.Changed("severity", Words.Of(before.Severity), Words.Of(after.Severity));
        audit.Changed("reason", before.Reason, after.Reason);
        audit.Changed("expires_at", before.ExpiresAt?.ToString("O"), after.ExpiresAt?.ToString("O"));
        audit.Changed("notify_admin", before.NotifyAdmin, after.NotifyAdmin);
        audit.Changed("apply_to", JsonSerializer.Serialize(before.ApplyTo, Json.Options), JsonSerializer.Serialize(after.ApplyTo, Json.Options));
        audit.Changed("rules", JsonSerializer.Serialize(WatermarkCheck.Named(before.Rules), Json.Options), JsonSerializer.Serialize(WatermarkCheck.Named(after.Rules), Json.Options));
    }
}
