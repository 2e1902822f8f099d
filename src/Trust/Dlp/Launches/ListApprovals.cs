using System.ComponentModel.DataAnnotations;
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

/// <summary>GET /launch-approvals, newest first: one's own, or everybody's for those who decide or look after data protection.</summary>
internal static class ListApprovals
{
    /// <param name="Status">pending, granted, refused, withdrawn, expired or used.</param>
    /// <param name="Mine">Only those the caller asked for.</param>
    public sealed record Query(
        [FromQuery(Name = "status"), RegularExpression("^(pending|granted|refused|withdrawn|expired|used)$", ErrorMessage = "must be pending, granted, refused, withdrawn, expired or used.")] string? Status,
        [FromQuery(Name = "mine")] bool? Mine);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/launch-approvals", HandleAsync).Needs(DlpPermissions.Ask).WithSummary("List approvals to launch, newest first").WithTags("Launch approvals");
        api.MapGet("/launch-approvals/{id}", ShowAsync).Needs(DlpPermissions.Ask).WithSummary("Show an approval to launch").WithTags("Launch approvals");
    }

    internal static async Task<Results<Ok<Page<ApprovalView>>, FailureResult>> HandleAsync(
        [AsParameters] Query query, [AsParameters] PageQuery page, ICaller caller, DlpDb db, TimeProvider clock, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 2);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        var now = clock.GetUtcNow();
        var found = Filter(Visible(db, caller, query.Mine ?? false), query.Status, now);
        var total = await found.LongCountAsync(ct);
        if (cursor.Value is [var at, var last])
        {
            if (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) || !LaunchApprovalId.TryParse(last, null, out var id))
                return Cursor.Foreign.ToHttp();
            found = found.Where(a => EF.Functions.LessThan(ValueTuple.Create(a.AskedAt, a.Id), ValueTuple.Create(time, id)));
        }

        var (rows, next) = await found.OrderByDescending(a => a.AskedAt).ThenByDescending(a => a.Id).SliceAsync(page, a => [a.AskedAt.ToString("O", CultureInfo.InvariantCulture), a.Id.ToString()], ct);
        return TypedResults.Ok(new Page<ApprovalView>([.. rows.Select(a => a.ToView(caller.UserId, now))], next, total));
    }

    internal static async Task<Results<Ok<ApprovalView>, FailureResult>> ShowAsync(LaunchApprovalId id, ICaller caller, DlpDb db, TimeProvider clock, CancellationToken ct) =>
        await Visible(db, caller, mine: false).SingleOrDefaultAsync(a => a.Id == id, ct) is { } found
            ? TypedResults.Ok(found.ToView(caller.UserId, clock.GetUtcNow()))
            : ApprovalFailures.NoSuchApproval.ToHttp();

    private static IQueryable<Approval> Visible(DlpDb db, ICaller caller, bool mine)
    {
        var all = db.Approvals.AsNoTracking();
        if (!mine && (caller.May(DlpPermissions.Decide) || caller.May(DlpPermissions.View)))
            return all;
        var me = caller.UserId;
        return all.Where(a => a.UserId == me);
    }

    /// <summary>What has run out counts as expired from that moment on, whatever its row still says.</summary>
    private static IQueryable<Approval> Filter(IQueryable<Approval> found, string? status, DateTimeOffset now) => status switch
    {
        "pending" => found.Where(a => a.Status == ApprovalStatus.Pending && a.ExpiresAt > now),
        "granted" => found.Where(a => a.Status == ApprovalStatus.Granted && a.ExpiresAt > now),
        "refused" => found.Where(a => a.Status == ApprovalStatus.Refused),
        "withdrawn" => found.Where(a => a.Status == ApprovalStatus.Withdrawn),
        "used" => found.Where(a => a.Status == ApprovalStatus.Used),
        "expired" => found.Where(a => a.Status == ApprovalStatus.Expired || ((a.Status == ApprovalStatus.Pending || a.Status == ApprovalStatus.Granted) && a.ExpiresAt <= now)),
        _ => found,
    };
}
