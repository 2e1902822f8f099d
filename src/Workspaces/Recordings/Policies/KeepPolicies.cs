using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
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
        context.Response.Headers.ETag = TagOf(found);
        return TypedResults.Ok(Answer(found));
    }

    internal static async Task<IResult> CreateAsync(PolicyWish request, RecordingsDb db, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var made = new RecordingPolicy { CreatedAt = now };
        if (made.Change(request, audit, now) is { } failure)
            return failure.ToHttp();
        db.Add(made);
        await db.SaveChangesAsync(ct);
        audit.Resource = $"recording_policy:{made.Id}";
        return TypedResults.Created($"/api/v1/recording-policies/{made.Id}", Answer(made));
    }

    internal static async Task<IResult> ChangeAsync(Guid policy, PolicyChange request, HttpContext context, RecordingsDb db, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Policies.FirstOrDefaultAsync(p => p.Id == policy, ct) is not { } found)
            return Missing.ToHttp();
        if (IsStale(context, found))
            return ChangedMeanwhile.ToHttp();
        audit.Resource = $"recording_policy:{policy}";
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
        context.Response.Headers.ETag = TagOf(found);
        return TypedResults.Ok(Answer(found));
    }

    internal static async Task<IResult> DeleteAsync(Guid policy, HttpContext context, RecordingsDb db, AuditScope audit, CancellationToken ct)
    {
        if (await db.Policies.AsNoTracking().FirstOrDefaultAsync(p => p.Id == policy, ct) is not { } found)
            return Missing.ToHttp();
        if (IsStale(context, found))
            return ChangedMeanwhile.ToHttp();
        audit.Resource = $"recording_policy:{policy}";
        audit.Changed("name", found.Name, null);
        return await db.Policies.Where(p => p.Id == policy && p.Version == found.Version).ExecuteDeleteAsync(ct) == 0 ? ChangedMeanwhile.ToHttp() : TypedResults.NoContent();
    }

    private static bool IsStale(HttpContext context, RecordingPolicy policy)
    {
        var match = context.Request.Headers.IfMatch;
        return match.Count > 0 && !match.ToString().Split(',').Any(m => m.Trim() is "*" || m.Trim() == TagOf(policy));
    }

    private static string TagOf(RecordingPolicy policy) => string.Create(CultureInfo.InvariantCulture, $"\"{policy.Version}\"");

    private static PolicyAnswer Answer(RecordingPolicy p) => new(
        p.Id, p.Name, p.Priority, p.Enabled, new(p.ApplyTo.All, p.ApplyTo.Users, p.ApplyTo.Templates), p.FramesPerSecond, p.RetentionDays, p.AllowUserPlayback, p.AllowUserDownload,
        p.RequireReason, p.Silent, p.RequireApproval, p.NotifyOnRecording, p.Windows, p.TimeZone, p.Version, p.UpdatedAt);
}
