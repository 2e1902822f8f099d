using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>POST /launch-approvals/{id}/grant and /refuse: by anybody who may but who asked. Of two who decide at once, the second is told who was first.</summary>
internal static class DecideApproval
{
    private const int UsualHours = 24;

    /// <param name="Text">Said to who asked.</param>
    /// <param name="Hours">How long it can be used; 24 when left out.</param>
    /// <param name="Once">False: for any number of launches until then. True when left out.</param>
    public sealed record GrantRequest(
        [MaxLength(Approval.LongestText)] string? Text = null, [Range(1, 720, ErrorMessage = "must be between 1 and 720.")] int? Hours = null, bool? Once = null);

    /// <param name="Text">Why not; who asked reads it.</param>
    public sealed record RefuseRequest([MinLength(1), MaxLength(Approval.LongestText)] string Text);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/launch-approvals/{id}/grant", GrantAsync).Needs(DlpPermissions.Decide).Audited("approval.granted")
            .WithSummary("Grant an approval to launch").WithTags("Launch approvals");
        api.MapPost("/launch-approvals/{id}/refuse", RefuseAsync).Needs(DlpPermissions.Decide).Audited("approval.refused")
            .WithSummary("Refuse an approval to launch").WithTags("Launch approvals");
    }

    internal static async Task<Results<Ok<ApprovalView>, FailureResult>> GrantAsync(
        LaunchApprovalId id, GrantRequest request, ICaller caller, DlpDb db, ITemplateLookup templates, IUserDirectory people, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (LaunchReasons.Check("text", request.Text ?? "-") is { } wrong)
            return wrong.ToHttp();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(id, ct) is not { } found)
            return ApprovalFailures.NoSuchApproval.ToHttp();
        audit.Resource = $"approval:{id}";
        if (templates.Find(found.Template) is not { } template)
            return ApprovalFailures.TemplateGone(found.TemplateTitle).ToHttp();
        if ((await people.FindAsync([found.UserId], ct)).GetValueOrDefault(found.UserId) is not { State: UserState.Active })
            return ApprovalFailures.PersonGone.ToHttp();
        var now = clock.GetUtcNow();
        if (found.Grant(caller.UserId, caller.Name, request.Text, TimeSpan.FromHours(request.Hours ?? UsualHours), request.Once ?? true, template.Version, now) is { } failure)
            return failure.ToHttp();
        events.Append(db, new ApprovalGranted(found.ToNow()));
        Tell(audit, found);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(found.ToView(caller.UserId, now));
    }

    internal static async Task<Results<Ok<ApprovalView>, FailureResult>> RefuseAsync(
        LaunchApprovalId id, RefuseRequest request, ICaller caller, DlpDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (LaunchReasons.Check("text", request.Text) is { } wrong)
            return wrong.ToHttp();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(id, ct) is not { } found)
            return ApprovalFailures.NoSuchApproval.ToHttp();
        audit.Resource = $"approval:{id}";
        var now = clock.GetUtcNow();
        if (found.Refuse(caller.UserId, caller.Name, request.Text, now) is { } failure)
            return failure.ToHttp();
        events.Append(db, new ApprovalRefused(found.ToNow()));
        Tell(audit, found);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(found.ToView(caller.UserId, now));
    }

    private static void Tell(AuditScope audit, Approval found)
    {
        audit.Changed("status", Words.Of(ApprovalStatus.Pending), Words.Of(found.Status));
        audit.Changed("user", null, found.Username);
        audit.Changed("template", null, found.Template);
        audit.Changed("answer", null, found.Answer);
    }
}
