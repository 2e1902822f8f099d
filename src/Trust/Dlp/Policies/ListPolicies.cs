using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>GET /dlp/policies, highest priority first, and GET /dlp/policies/{id}.</summary>
internal static class ListPolicies
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/dlp/policies", HandleAsync).Needs(DlpPermissions.View).WithSummary("List data protection policies").WithTags("Data protection");
        api.MapGet("/dlp/policies/{id}", ShowAsync).Needs(DlpPermissions.View).WithSummary("Show a data protection policy").WithTags("Data protection");
    }

    internal static async Task<Results<Ok<Page<PolicyView>>, FailureResult>> HandleAsync(
        [FromQuery(Name = "enabled")] bool? enabled, [AsParameters] PageQuery page, DlpDb db, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 2);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        var policies = db.Policies.AsNoTracking();
        if (enabled is { } on)
            policies = policies.Where(p => p.Enabled == on);
        var total = await policies.LongCountAsync(ct);
        if (cursor.Value is [var priorityText, var name])
        {
            if (!int.TryParse(priorityText, CultureInfo.InvariantCulture, out var priority))
                return Cursor.Foreign.ToHttp();
            policies = policies.Where(p => p.Priority < priority || (p.Priority == priority && string.Compare(p.Name, name) > 0));
        }

        var (found, next) = await policies.OrderByDescending(p => p.Priority).ThenBy(p => p.Name).SliceAsync(page, p => [p.Priority.ToString(CultureInfo.InvariantCulture), p.Name], ct);
        return TypedResults.Ok(new Page<PolicyView>([.. found.Select(p => p.ToView())], next, total));
    }

    internal static async Task<Results<Ok<PolicyView>, FailureResult>> ShowAsync(DlpPolicyId id, HttpContext context, DlpDb db, CancellationToken ct)
    {
        if (await db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { } policy)
            return PolicyFailures.NoSuchPolicy.ToHttp();
        context.TellVersion(policy.Version);
        return TypedResults.Ok(policy.ToView());
    }
}
