using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>POST /launch-approvals asks for one; POST /launch-approvals/{id}/withdraw takes it back.</summary>
internal static class AskApproval
{
    /// <param name="Template">Name of the template.</param>
    /// <param name="Reason">Why; whoever decides reads it, and it is kept with the session.</param>
    public sealed record Request([MinLength(1), MaxLength(63)] string Template, [MinLength(1), MaxLength(Approval.LongestText)] string Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/launch-approvals", HandleAsync).Needs(DlpPermissions.Ask).Audited("approval.asked")
            .WithSummary("Ask for an approval to launch a template").WithTags("Launch approvals");
        api.MapPost("/launch-approvals/{id}/withdraw", WithdrawAsync).Needs(DlpPermissions.Ask).Audited("approval.withdrawn")
            .WithSummary("Take back an approval that one asked for").WithTags("Launch approvals");
    }

    internal static async Task<Results<Created<ApprovalView>, FailureResult>> HandleAsync(
        Request request, ICaller caller, DlpDb db, ITemplateLookup templates, ITeamDirectory teams, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (LaunchReasons.Check("reason", request.Reason) is { } wrong)
            return wrong.ToHttp();
        if (templates.Find(request.Template) is not { } template)
            return Failure.Field("template", "is no template.").ToHttp();
        var now = clock.GetUtcNow();
        var policies = await db.CountingAsync(now, ct);
        var policy = Evaluation.LaunchOf(policies, await teams.WithTeamsAsync(TeamReach.Launcher(caller.UserId, template.Name), policies, ct));
        if (policy.RequireApproval is not { Value: true, By: { } by })
            return ApprovalFailures.NotNeeded.ToHttp();
        if (await db.Approvals.FirstOrDefaultAsync(a => a.UserId == caller.UserId && a.Template == template.Name && a.Status == ApprovalStatus.Granted && a.ExpiresAt > now && a.TemplateVersion == template.Version, ct) is not null)
            return ApprovalFailures.Granted.ToHttp();
        // One that nobody decided in time no longer stands in the way, whether or not that was written down yet.
        foreach (var late in await db.Approvals.Where(a => a.UserId == caller.UserId && a.Template == template.Name && a.Status == ApprovalStatus.Pending && a.ExpiresAt <= now).ToListAsync(ct))
        {
            late.Expire();
            events.Append(db, new ApprovalExpired(late.ToNow()));
        }

        var asked = Approval.Ask(caller.UserId, caller.Name, (template.Name, template.DisplayName, template.Version), request.Reason, by, now);
        db.Add(asked);
        events.Append(db, new ApprovalAsked(asked.ToNow()));
        audit.Resource = $"approval:{asked.Id}";
        audit.Changed("template", null, asked.Template);
        audit.Changed("reason", null, asked.Reason);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ApprovalFailures.Asked.ToHttp();
        }

        return TypedResults.Created($"/api/v1/launch-approvals/{asked.Id}", asked.ToView(caller.UserId, now));
    }

    internal static async Task<Results<Ok<ApprovalView>, FailureResult>> WithdrawAsync(
        LaunchApprovalId id, ICaller caller, DlpDb db, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockedAsync(id, ct) is not { } found || (found.UserId != caller.UserId && !caller.May(DlpPermissions.Decide) && !caller.May(DlpPermissions.View)))
            return ApprovalFailures.NoSuchApproval.ToHttp();
        if (found.UserId != caller.UserId)
            return ApprovalFailures.NotYours.ToHttp();
        var now = clock.GetUtcNow();
        audit.Resource = $"approval:{id}";
        if (found.Withdraw(now) is { } failure)
            return failure.ToHttp();
        events.Append(db, new ApprovalWithdrawn(found.ToNow()));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(found.ToView(caller.UserId, now));
    }
}
