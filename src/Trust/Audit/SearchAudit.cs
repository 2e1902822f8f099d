using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Searches the audit, newest first; everything, or what concerns one person.</summary>
internal static class SearchAudit
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", HandleAsync).Needs(AuditPermissions.View).WithSummary("Search the audit, newest first").WithTags("Audit");
        api.MapGet("/audit/users/{id}", HandleUserAsync).Needs(AuditPermissions.View).Audited("audit.viewed")
            .WithSummary("What one person did, and what was done to their account").WithTags("Audit");
    }

    internal static Task<Results<Ok<Page<EntryView>>, FailureResult>> HandleAsync([AsParameters] AuditQuery query, [AsParameters] PageQuery page, AuditDb db, CancellationToken ct) =>
        PageAsync(query.Apply(db.Entries.AsNoTracking()), page, ct);

    internal static Task<Results<Ok<Page<EntryView>>, FailureResult>> HandleUserAsync(
        UserId id, [AsParameters] AuditQuery query, [AsParameters] PageQuery page, AuditDb db, AuditScope audit, CancellationToken ct)
    {
        var resource = $"user:{id}";
        audit.Resource = resource;
        return PageAsync(query.Apply(db.Entries.AsNoTracking()).Where(e => e.Actor == id || e.Resource == resource), page, ct);
    }

    private static async Task<Results<Ok<Page<EntryView>>, FailureResult>> PageAsync(IQueryable<Entry> entries, PageQuery page, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 1);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        if (cursor.Value is [var text])
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
                return Cursor.Foreign.ToHttp();
            entries = entries.Where(e => e.Id < before);
        }

        var (found, next) = await entries.OrderByDescending(e => e.Id).SliceAsync(page, e => [e.Id.ToString(CultureInfo.InvariantCulture)], ct);
        return TypedResults.Ok(new Page<EntryView>([.. found.Select(e => e.ToView())], next));
    }
}
