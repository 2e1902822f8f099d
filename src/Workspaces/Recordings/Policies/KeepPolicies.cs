using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Policies;

/// <summary>/recording-policies: list, show, create, change, delete.</summary>
internal static class KeepPolicies
{
    private static readonly Failure Missing = Failure.Missing("recording policy");

    private static readonly Failure ChangedMeanwhile = new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed this policy in the meantime. Load it again and repeat your change.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recording-policies", ListAsync).Needs(RecordingsPermissions.SetPolicies)
            .WithName("ListRecordingPolicies").WithTags("Recordings").WithSummary("List recording policies, the highest priority first").Produces<Page<PolicyAnswer>>();
        api.MapPost("/recording-policies", CreateAsync).Needs(RecordingsPermissions.SetPolicies).Audited("recording_policy.created")
            .WithName("CreateRecordingPolicy").WithTags("Recordings").WithSummary("Create a recording policy").Produces<PolicyAnswer>(StatusCodes.Status201Created);
        api.MapGet("/recording-policies/{policy}", ShowAsync).Needs(RecordingsPermissions.SetPolicies)
            .WithName("ShowRecordingPolicy").WithTags("Recordings").WithSummary("Show a recording policy").Produces<PolicyAnswer>();
        api.MapPatch("/recording-policies/{policy}", ChangeAsync).Needs(RecordingsPermissions.SetPolicies).Audited("recording_policy.changed")
            .WithName("ChangeRecordingPolicy").WithTags("Recordings").WithSummary("Change a recording policy; running sessions follow within seconds").Produces<PolicyAnswer>();
        api.MapDelete("/recording-policies/{policy}", DeleteAsync).Needs(RecordingsPermissions.SetPolicies).Audited("recording_policy.deleted")
            .WithName("DeleteRecordingPolicy").WithTags("Recordings").WithSummary("Delete a recording policy; recordings that it began end");
    }

    internal static async Task<IResult> ListAsync(RecordingsDb db, CancellationToken ct)
    {
        var rows = await db.Policies.AsNoTracking().OrderByDescending(p => p.Priority).ThenBy(p => p.Id).Take(1000).ToListAsync(ct);
        return TypedResults.Ok(new Page<PolicyAnswer>([.. rows.Select(Answer)], null, rows.Count));
    }

    internal static async Task<IResult> ShowAsync(Guid policy, HttpContext context, RecordingsDb db, CancellationToken ct)
    {
        if (await db.Policies.AsNoTracking().FirstOrDefaultAsync(p => p.Id == policy, ct) is not { } found)
            return Missing.ToHttp();
        context.TellVersion(found.Version);
        return TypedResults.Ok(Answer(found));
    }

    internal static async Task<IResult> CreateAsync(PolicyWish request, RecordingsDb db, ITeamDirectory teams, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await CheckAsync(request.ApplyTo, teams, ct) is { } unknown)
            return unknown.ToHttp();
        var made = new RecordingPolicy { CreatedAt = now };
        if (made.Change(request, audit, now) is { } failure)
            return failure.ToHttp();
        db.Add(made);
        await db.SaveChangesAsync(ct);
        audit.Resource = $"recording_policy:{made.Id}";
        return TypedResults.Created($"/api/v1/recording-policies/{made.Id}", Answer(made));
    }

    internal static async Task<IResult> ChangeAsync(Guid policy, PolicyChange request, HttpContext context, RecordingsDb db, ITeamDirectory teams, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Policies.FirstOrDefaultAsync(p => p.Id == policy, ct) is not { } found)
            return Missing.ToHttp();
        if (context.EditsOlderThan(found.Version))
            return ChangedMeanwhile.ToHttp();
        audit.Resource = $"recording_policy:{policy}";
        if (await CheckAsync(request.ApplyTo, teams, ct) is { } unknown)
            return unknown.ToHttp();
        if (found.Change(request.On(found), audit, clock.GetUtcNow()) is { } failure)
            return failure.ToHttp();
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ChangedMeanwhile.ToHttp();
        }
        context.TellVersion(found.Version);
        return TypedResults.Ok(Answer(found));
    }

    internal static async Task<IResult> DeleteAsync(Guid policy, HttpContext context, RecordingsDb db, AuditScope audit, CancellationToken ct)
    {
        if (await db.Policies.AsNoTracking().FirstOrDefaultAsync(p => p.Id == policy, ct) is not { } found)
            return Missing.ToHttp();
        if (context.EditsOlderThan(found.Version))
            return ChangedMeanwhile.ToHttp();
        audit.Resource = $"recording_policy:{policy}";
        audit.Changed("name", found.Name, null);
        return await db.Policies.Where(p => p.Id == policy && p.Version == found.Version).ExecuteDeleteAsync(ct) == 0 ? ChangedMeanwhile.ToHttp() : TypedResults.NoContent();
    }

    /// <summary>What is wrong with the teams a policy names; null when there are all of them.</summary>
    private static async Task<Failure?> CheckAsync(PolicyReach? reach, ITeamDirectory teams, CancellationToken ct)
    {
        var missing = await teams.MissingAsync(reach?.Teams ?? [], ct);
        return missing.Count == 0 ? null : Failure.Fields([.. missing.Select(i => new FieldIssue($"apply_to.teams[{i}]", "is no team."))]);
    }

    private static PolicyAnswer Answer(RecordingPolicy p) => new(
        p.Id, p.Name, p.Priority, p.Enabled, new(p.ApplyTo.All, p.ApplyTo.Users, p.ApplyTo.Templates, p.ApplyTo.Teams ?? []), p.FramesPerSecond, p.RetentionDays, p.AllowUserPlayback, p.AllowUserDownload,
        p.RequireReason, p.Silent, p.RequireApproval, p.NotifyOnRecording, p.Windows, p.TimeZone, p.Version, p.UpdatedAt);
}
