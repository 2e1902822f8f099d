using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Library;

/// <summary>Which recordings to list.</summary>
/// <param name="Session">Id of a session.</param>
/// <param name="Owner">Id or user name; <c>me</c> for one's own.</param>
/// <param name="State">recording, ended or deleted; deleted ones are listed only when asked for.</param>
/// <param name="From">Begun at or after.</param>
/// <param name="To">Begun before.</param>
/// <param name="Text">Part of the session's name, the template's or the owner's.</param>
public sealed record RecordingFilter(
    [FromQuery(Name = "session")] SessionId? Session, [FromQuery(Name = "owner"), MaxLength(100)] string? Owner,
    [FromQuery(Name = "state"), RegularExpression("^(recording|ended|deleted)$", ErrorMessage = "must be recording, ended or deleted.")] string? State,
    [FromQuery(Name = "from")] DateTimeOffset? From, [FromQuery(Name = "to")] DateTimeOffset? To, [FromQuery(Name = "text"), MaxLength(100)] string? Text);

/// <summary>GET /recordings and /recordings/{recording}: one's own; everybody's for those who may see them all.</summary>
internal static class ListRecordings
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/recordings", HandleAsync).Needs(RecordingsPermissions.View)
            .WithName("ListRecordings").WithTags("Recordings").WithSummary("List recordings, newest first").Produces<Page<RecordingAnswer>>();
        api.MapGet("/recordings/{recording}", ShowAsync).Needs(RecordingsPermissions.View)
            .WithName("ShowRecording").WithTags("Recordings").WithSummary("Show a recording").Produces<RecordingAnswer>();
    }

    internal static async Task<IResult> HandleAsync([AsParameters] RecordingFilter filter, [AsParameters] PageQuery page, RecordingDesk desk, ICaller caller, CancellationToken ct)
    {
        var rows = Narrow(desk.Visible().AsNoTracking(), filter, caller);
        var from = Cursor.Read(page.Cursor, 2);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var total = page.Cursor is null ? await rows.LongCountAsync(ct) : (long?)null;
        if (from.Value is [var ticks, var id])
        {
            if (!long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.UtcTicks || !RecordingId.TryParse(id, CultureInfo.InvariantCulture, out var before))
                return Cursor.Foreign.ToHttp();
            var when = new DateTimeOffset(at, TimeSpan.Zero);
            rows = rows.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.StartedAt, r.Id), ValueTuple.Create(when, before)));
        }
        var (found, next) = await rows.OrderByDescending(r => r.StartedAt).ThenByDescending(r => r.Id)
            .SliceAsync(page, r => [r.StartedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), r.Id.ToString()], ct);
        return TypedResults.Ok(new Page<RecordingAnswer>(await desk.AnswerAsync(found, ct), next, total));
    }

    internal static async Task<IResult> ShowAsync(RecordingId recording, RecordingDesk desk, CancellationToken ct) => await desk.FindAsync(recording, ct) is { } found
        ? TypedResults.Ok((await desk.AnswerAsync([found], ct))[0])
        : RecordingFailures.Missing.ToHttp();

    private static IQueryable<Recording> Narrow(IQueryable<Recording> rows, RecordingFilter filter, ICaller caller)
    {
        rows = filter.State is { } state
            ? Enum.Parse<RecordingState>(state, ignoreCase: true) is var wanted ? rows.Where(r => r.State == wanted) : rows
            : rows.Where(r => r.State != RecordingState.Deleted);
        if (filter.Session is { } session)
            rows = rows.Where(r => r.SessionId == session);
        if (filter.From is { } from)
            rows = rows.Where(r => r.StartedAt >= from.ToUniversalTime());
        if (filter.To is { } to)
            rows = rows.Where(r => r.StartedAt < to.ToUniversalTime());
        if (filter.Owner == "me")
        {
            var me = caller.UserId;
            rows = rows.Where(r => r.OwnerId == me);
        }
        else if (Guid.TryParse(filter.Owner, CultureInfo.InvariantCulture, out var id))
        {
            var owner = UserId.From(id);
            rows = rows.Where(r => r.OwnerId == owner);
        }
        else if (filter.Owner is { Length: > 0 } name)
            rows = rows.Where(r => r.OwnerName == name);
        if (filter.Text is not { Length: > 0 } text)
            return rows;
        var like = LikePattern.Containing(text);
        return rows.Where(r => EF.Functions.ILike(r.SessionName, like) || EF.Functions.ILike(r.Template, like) || EF.Functions.ILike(r.OwnerName, like));
    }
}
