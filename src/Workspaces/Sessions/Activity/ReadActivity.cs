using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>One line of a session's history.</summary>
public sealed record ActivityAnswer(string Id, SessionId SessionId, DateTimeOffset At, string Type, string Category, PersonAnswer? Actor, string? Message, JsonElement Data);

/// <summary>One line of a timeline.</summary>
/// <param name="At">When.</param>
/// <param name="Type">Which event.</param>
/// <param name="Category">Its category.</param>
/// <param name="Actor">Who; null for the system.</param>
/// <param name="Text">A sentence for a person.</param>
/// <param name="DurationMs">Milliseconds until the next line; null for the newest.</param>
public sealed record TimelineAnswer(DateTimeOffset At, string Type, string Category, string? Actor, string? Text, long? DurationMs);

/// <summary>Which lines.</summary>
public sealed record ActivityFilter(
    [FromQuery(Name = "category"), MaxLength(20)] string? Category, [FromQuery(Name = "type"), MaxLength(60)] string? Type, [FromQuery(Name = "user")] UserId? User,
    [FromQuery(Name = "after")] DateTimeOffset? After, [FromQuery(Name = "before")] DateTimeOffset? Before, [FromQuery(Name = "text"), MaxLength(100)] string? Text);

/// <summary>Reads histories: of one session, of one person's sessions.</summary>
internal sealed class ReadActivity(SessionsDb db, SessionShelf shelf, IUserDirectory people, ICaller caller)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions/{id}/activity", (SessionRef id, [AsParameters] ActivityFilter filter, [AsParameters] PageQuery page, ReadActivity read, CancellationToken ct) => read.OfSessionAsync(id, filter, page, ct))
            .Needs(SessionsPermissions.View).Produces<Page<ActivityAnswer>>().WithName("ListSessionActivity").WithTags("Activity").WithSummary("A session's history").WithDescription("Newest first.");
        api.MapGet("/sessions/{id}/activity/timeline", (SessionRef id, [AsParameters] PageQuery page, ReadActivity read, CancellationToken ct) => read.TimelineAsync(id, page, ct))
            .Needs(SessionsPermissions.View).Produces<Page<TimelineAnswer>>().WithName("GetSessionTimeline").WithTags("Activity").WithSummary("A session's history with durations").WithDescription("Oldest first.");
        api.MapGet("/activity/users/{userId}", (UserId userId, [AsParameters] ActivityFilter filter, [AsParameters] PageQuery page, ReadActivity read, CancellationToken ct) => read.OfUserAsync(userId, filter, page, ct))
            .Needs(SessionsPermissions.View).Produces<Page<ActivityAnswer>>().WithName("ListUserActivity").WithTags("Activity").WithSummary("What a person did, and what happened to their sessions");
    }

    private async Task<IResult> OfSessionAsync(SessionRef id, ActivityFilter filter, PageQuery page, CancellationToken ct)
    {
        var found = await shelf.FindToReadAboutAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var session = found.Value.Id;
        return await AnswerAsync(db.Activity.AsNoTracking().Where(a => a.SessionId == session), filter, page, ct);
    }

    private async Task<IResult> OfUserAsync(UserId user, ActivityFilter filter, PageQuery page, CancellationToken ct)
    {
        if (user != caller.UserId && !caller.May(SessionsPermissions.ViewAll) && !caller.May(SessionsPermissions.ManageAll))
            return Failure.Missing("user").ToHttp();
        return await AnswerAsync(db.Activity.AsNoTracking().Where(a => a.OwnerId == user || a.ActorId == user), filter, page, ct);
    }

    private async Task<IResult> AnswerAsync(IQueryable<ActivityRow> rows, ActivityFilter filter, PageQuery page, CancellationToken ct)
    {
        if (filter.Category is { } category && !ActivityCategories.All.Contains(category, StringComparer.Ordinal))
            return Failure.Field("category", $"must be one of {string.Join(", ", ActivityCategories.All)}.").ToHttp();
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        if (from.Value is { } cursor)
        {
            if (!long.TryParse(cursor[0], CultureInfo.InvariantCulture, out var position))
                return Cursor.Foreign.ToHttp();
            rows = rows.Where(a => a.Position < position);
        }

        var (shown, next) = await Narrow(rows, filter).OrderByDescending(a => a.Position).SliceAsync(page, a => [a.Position.ToString(CultureInfo.InvariantCulture)], ct);
        var actors = await people.FindAsync([.. shown.Select(a => a.ActorId).OfType<UserId>().Distinct()], ct);
        return TypedResults.Ok(new Page<ActivityAnswer>([.. shown.Select(a => Answer(a, actors))], next));
    }

    private async Task<IResult> TimelineAsync(SessionRef id, PageQuery page, CancellationToken ct)
    {
        var found = await shelf.FindToReadAboutAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var start = 0L;
        if (from.Value is { } cursor && !long.TryParse(cursor[0], CultureInfo.InvariantCulture, out start))
            return Cursor.Foreign.ToHttp();
        var session = found.Value.Id;
        var rows = await db.Activity.AsNoTracking().Where(a => a.SessionId == session && a.Position > start).OrderBy(a => a.Position).Take(page.Size + 1).ToListAsync(ct);
        var shown = Math.Min(rows.Count, page.Size);
        var items = new List<TimelineAnswer>(shown);
        for (var i = 0; i < shown; i++)
            items.Add(new(rows[i].At, rows[i].Type, rows[i].Category, rows[i].ActorId is null ? null : rows[i].ActorName, rows[i].Message, i + 1 < rows.Count ? (long)(rows[i + 1].At - rows[i].At).TotalMilliseconds : null));
        return TypedResults.Ok(new Page<TimelineAnswer>(items, rows.Count > shown ? Cursor.Write(rows[shown - 1].Position.ToString(CultureInfo.InvariantCulture)) : null));
    }

    private static IQueryable<ActivityRow> Narrow(IQueryable<ActivityRow> rows, ActivityFilter filter)
    {
        if (filter.Category is { } category)
            rows = rows.Where(a => a.Category == category);
        if (filter.Type is { Length: > 0 } type)
            rows = rows.Where(a => a.Type == type);
        if (filter.User is { } user)
            rows = rows.Where(a => a.ActorId == user);
        if (filter.After?.ToUniversalTime() is { } after)
            rows = rows.Where(a => a.At >= after);
        if (filter.Before?.ToUniversalTime() is { } before)
            rows = rows.Where(a => a.At < before);
        if (filter.Text is { Length: > 0 } text)
        {
            var like = LikePattern.Containing(text);
            rows = rows.Where(a => EF.Functions.ILike(a.Message!, like) || EF.Functions.ILike(a.Type, like));
        }

        return rows;
    }

    private static ActivityAnswer Answer(ActivityRow row, IReadOnlyDictionary<UserId, UserFacts> actors) => new(
        row.Position.ToString(CultureInfo.InvariantCulture), row.SessionId, row.At, row.Type, row.Category,
        row.ActorId is { } actor ? new(actor, row.ActorName, actors.TryGetValue(actor, out var person) ? person.DisplayName : row.ActorName) : null,
        row.Message, JsonSerializer.Deserialize<JsonElement>(row.Data));
}
