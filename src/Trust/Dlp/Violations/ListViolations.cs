using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>GET /dlp/violations, newest first, and GET /dlp/violations/{id} with the kept content.</summary>
internal static class ListViolations
{
    /// <summary>What to look for; everything left out matches.</summary>
    /// <param name="Status">open, reviewed, resolved or false_positive.</param>
    /// <param name="Severity">low, medium, high or critical.</param>
    /// <param name="Outcome">blocked or warned.</param>
    /// <param name="Channel">clipboard_in, clipboard_out, keyboard, pointer, file_upload, file_download or watermark.</param>
    /// <param name="Policy">A policy's id.</param>
    /// <param name="User">A person's id or user name.</param>
    /// <param name="Session">A session's id.</param>
    /// <param name="From">Not before.</param>
    /// <param name="To">Before.</param>
    /// <param name="Notify">Only those that administrators were told of at once, or only the others.</param>
    public sealed record Query(
        [FromQuery(Name = "status"), RegularExpression("^(open|reviewed|resolved|false_positive)$", ErrorMessage = "must be open, reviewed, resolved or false_positive.")] string? Status,
        [FromQuery(Name = "severity"), RegularExpression("^(low|medium|high|critical)$", ErrorMessage = "must be low, medium, high or critical.")] string? Severity,
        [FromQuery(Name = "outcome"), RegularExpression("^(blocked|warned)$", ErrorMessage = "must be blocked or warned.")] string? Outcome,
        [FromQuery(Name = "channel"), RegularExpression("^(clipboard_in|clipboard_out|keyboard|pointer|file_upload|file_download|watermark)$", ErrorMessage = "must be clipboard_in, clipboard_out, keyboard, pointer, file_upload, file_download or watermark.")] string? Channel,
        [FromQuery(Name = "policy")] DlpPolicyId? Policy,
        [FromQuery(Name = "user"), MaxLength(100)] string? User,
        [FromQuery(Name = "session")] SessionId? Session,
        [FromQuery(Name = "from")] DateTimeOffset? From,
        [FromQuery(Name = "to")] DateTimeOffset? To,
        [FromQuery(Name = "notify")] bool? Notify);

    /// <param name="Violation">The violation.</param>
    /// <param name="Content">The beginning of the text; null when it was not kept.</param>
    public sealed record Detail(ViolationView Violation, string? Content);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/dlp/violations", HandleAsync).Needs(DlpPermissions.View).WithSummary("List violations of data protection, newest first").WithTags("Data protection");
        api.MapGet("/dlp/violations/{id}", ShowAsync).Needs(DlpPermissions.View).Audited("dlp.violation.viewed")
            .WithSummary("Show a violation with the content that was kept").WithTags("Data protection");
    }

    internal static async Task<Results<Ok<Page<ViolationView>>, FailureResult>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, DlpDb db, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 2);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        var found = Filter(db.Incidents.AsNoTracking().Where(i => i.Outcome != IncidentOutcome.Allowed), query);
        var total = await found.LongCountAsync(ct);
        if (cursor.Value is [var at, var last])
        {
            if (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) || !DlpViolationId.TryParse(last, null, out var id))
                return Cursor.Foreign.ToHttp();
            found = found.Where(i => EF.Functions.LessThan(ValueTuple.Create(i.At, i.Id), ValueTuple.Create(time, id)));
        }

        var (rows, next) = await found.OrderByDescending(i => i.At).ThenByDescending(i => i.Id).SliceAsync(page, i => [i.At.ToString("O", CultureInfo.InvariantCulture), i.Id.ToString()], ct);
        return TypedResults.Ok(new Page<ViolationView>([.. rows.Select(i => i.ToView())], next, total));
    }

    internal static async Task<Results<Ok<Detail>, FailureResult>> ShowAsync(DlpViolationId id, DlpDb db, AuditScope audit, CancellationToken ct)
    {
        if (await db.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.Outcome != IncidentOutcome.Allowed, ct) is not { } found)
            return ViolationFailures.NoSuchViolation.ToHttp();
        audit.Resource = $"dlp_violation:{id}";
        return TypedResults.Ok(new Detail(found.ToView(), found.Content));
    }

    private static IQueryable<Incident> Filter(IQueryable<Incident> found, Query query)
    {
        if (Read<IncidentStatus>(query.Status) is { } status)
            found = found.Where(i => i.Status == status);
        if (Read<DlpSeverity>(query.Severity) is { } severity)
            found = found.Where(i => i.Severity == severity);
        if (Read<IncidentOutcome>(query.Outcome) is { } outcome)
            found = found.Where(i => i.Outcome == outcome);
        if (Read<DlpChannel>(query.Channel) is { } channel)
            found = found.Where(i => i.Channel == channel);
        if (query.Policy is { } policy)
            found = found.Where(i => i.PolicyId == policy);
        if (query.Session is { } session)
            found = found.Where(i => i.SessionId == session);
        if (query.User is { Length: > 0 } user)
            found = UserId.TryParse(user, null, out var id) ? found.Where(i => i.UserId == id) : found.Where(i => i.Username == user);
        if (query.Notify is { } notify)
            found = found.Where(i => i.Notify == notify);
        if (query.From is { } from && from.ToUniversalTime() is var begin)
            found = found.Where(i => i.At >= begin);
        if (query.To is { } to && to.ToUniversalTime() is var end)
            found = found.Where(i => i.At < end);
        return found;
    }

    private static TEnum? Read<TEnum>(string? word) where TEnum : struct, Enum
    {
        if (string.IsNullOrEmpty(word))
            return null;
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (Words.Of(value) == word)
                return value;
        }

        return null;
    }
}
