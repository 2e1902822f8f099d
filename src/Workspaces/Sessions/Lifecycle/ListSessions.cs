using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Which sessions to list.</summary>
/// <param name="State">Wanted states, separated by commas; ended sessions are listed only when asked for.</param>
/// <param name="Phase">Phases, separated by commas.</param>
/// <param name="Owner">Id or user name; <c>me</c> for one's own.</param>
/// <param name="Team">Id of a team.</param>
/// <param name="Template">Name of a template.</param>
/// <param name="Runtime">Name of a runtime.</param>
/// <param name="Tag">A tag.</param>
/// <param name="Text">Part of the name, the template's name or the owner's.</param>
/// <param name="Sort"><c>-created_at</c> (usual), <c>created_at</c>, <c>name</c>, <c>-name</c>.</param>
public sealed record SessionFilter(
    [FromQuery(Name = "state"), MaxLength(200)] string? State, [FromQuery(Name = "phase"), MaxLength(200)] string? Phase, [FromQuery(Name = "owner"), MaxLength(100)] string? Owner,
    [FromQuery(Name = "team")] Guid? Team, [FromQuery(Name = "template"), MaxLength(63)] string? Template, [FromQuery(Name = "runtime"), MaxLength(63)] string? Runtime,
    [FromQuery(Name = "tag"), MaxLength(50)] string? Tag, [FromQuery(Name = "text"), MaxLength(100)] string? Text,
    [FromQuery(Name = "sort"), RegularExpression("^-?(created_at|name)$", ErrorMessage = "must be created_at, -created_at, name or -name.")] string? Sort);

/// <summary>Lists sessions by key, so that a page costs the same wherever it stands.</summary>
internal static class ListSessions
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions", HandleAsync).Needs(SessionsPermissions.View).Produces<Page<SessionAnswer>>()
            .WithName("ListSessions").WithTags("Sessions").WithSummary("List sessions").WithDescription("One's own and those shared with one; everybody's for those who may see them all.");
        api.MapGet("/shared-sessions", SharedAsync).Needs(SessionsPermissions.View).Produces<Page<SessionAnswer>>()
            .WithName("ListSharedSessions").WithTags("Sessions").WithSummary("List sessions that others share with the caller").WithDescription("With what the caller was given in share. Filters, order and pages as in the list of sessions.");
        api.MapGet("/sessions/by-tags", ByTagsAsync).Needs(SessionsPermissions.View).Produces<Page<SessionAnswer>>()
            .WithName("ListSessionsByTags").WithTags("Sessions").WithSummary("List sessions that carry tags");
    }

    private static async Task<IResult> HandleAsync([AsParameters] SessionFilter filter, [AsParameters] PageQuery page, SessionShelf shelf, ICaller caller, CancellationToken ct)
    {
        var rows = Narrow((await shelf.VisibleAsync(ct)).AsNoTracking(), filter, caller);
        return rows.Ok ? await AnswerAsync(rows.Value.Query, filter.Sort ?? "-created_at", page, shelf, ct) : rows.Failure.ToHttp();
    }

    private static async Task<IResult> SharedAsync([AsParameters] SessionFilter filter, [AsParameters] PageQuery page, SessionShelf shelf, ICaller caller, CancellationToken ct)
    {
        var rows = Narrow((await shelf.SharedAsync(ct)).AsNoTracking(), filter, caller);
        return rows.Ok ? await AnswerAsync(rows.Value.Query, filter.Sort ?? "-created_at", page, shelf, ct) : rows.Failure.ToHttp();
    }

    private static async Task<IResult> ByTagsAsync(
        [FromQuery(Name = "tags"), Required, MaxLength(1000)] string tags, [FromQuery(Name = "match")] string? match, [AsParameters] PageQuery page, SessionShelf shelf, CancellationToken ct)
    {
        var wanted = tags.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (wanted.Length is 0 or > 20)
            return Failure.Field("tags", "must be 1 to 20 tags, separated by commas.").ToHttp();
        if (match is not (null or "any" or "all"))
            return Failure.Field("match", "must be any or all.").ToHttp();
        var rows = (await shelf.VisibleAsync(ct)).AsNoTracking().Where(s => s.Wanted != SessionWish.Terminated);
        rows = match == "all" ? rows.Where(s => wanted.All(t => s.Tags.Contains(t))) : rows.Where(s => wanted.Any(t => s.Tags.Contains(t)));
        return await AnswerAsync(rows, "-created_at", page, shelf, ct);
    }

    private static Result<Rows> Narrow(IQueryable<Session> rows, SessionFilter filter, ICaller caller)
    {
        if (!Many<SessionWish>(filter.State, out var states))
            return Failure.Field("state", "must be running, frozen, hibernated or terminated.");
        if (!Many<SessionPhase>(filter.Phase, out var phases))
            return Failure.Field("phase", "must be phases like running or failed, separated by commas.");
        if (states.Length > 0)
            rows = rows.Where(s => states.Contains(s.Wanted));
        if (phases.Length > 0)
            rows = rows.Where(s => phases.Contains(s.Phase));
        if (!states.Contains(SessionWish.Terminated) && !phases.Contains(SessionPhase.Terminated))
            rows = rows.Where(s => s.Phase != SessionPhase.Terminated);
        if (filter.Owner == "me")
        {
            var me = caller.Id;
            rows = rows.Where(s => s.OwnerId == me);
        }
        else if (Guid.TryParse(filter.Owner, CultureInfo.InvariantCulture, out var id))
        {
            var owner = UserId.From(id);
            rows = rows.Where(s => s.OwnerId == owner);
        }
        else if (filter.Owner is { Length: > 0 } name)
        {
            rows = rows.Where(s => s.OwnerName == name);
        }

        if (filter.Team is { } team)
            rows = rows.Where(s => s.TeamId == team);
        if (filter.Template is { Length: > 0 } template)
            rows = rows.Where(s => s.Template == template);
        if (filter.Runtime is { Length: > 0 } runtime)
            rows = rows.Where(s => s.Runtime == runtime);
        if (filter.Tag is { Length: > 0 } tag)
            rows = rows.Where(s => s.Tags.Contains(tag));
        if (filter.Text is { Length: > 0 } text)
        {
            var like = LikePattern.Containing(text);
            rows = rows.Where(s => EF.Functions.ILike(s.Name, like) || EF.Functions.ILike(s.TemplateTitle, like) || EF.Functions.ILike(s.OwnerName, like));
        }

        return new Rows(rows);
    }

    private static async Task<IResult> AnswerAsync(IQueryable<Session> rows, string sort, PageQuery page, SessionShelf shelf, CancellationToken ct)
    {
        var from = Cursor.Read(page.Cursor, 2);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var total = page.Cursor is null ? await rows.LongCountAsync(ct) : (long?)null;
        var sorted = Sorted(rows, sort, from.Value);
        if (sorted is null)
            return Cursor.Foreign.ToHttp();
        var byName = sort.EndsWith("name", StringComparison.Ordinal);
        var (found, next) = await sorted.SliceAsync(page, s => [byName ? s.Name : s.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), s.Id.ToString()], ct);
        return TypedResults.Ok(new Page<SessionAnswer>(await shelf.AnswerAsync(found, ct), next, total));
    }

    private static IQueryable<Session>? Sorted(IQueryable<Session> rows, string sort, string[]? from)
    {
        var id = default(SessionId);
        if (from is not null && !SessionId.TryParse(from[1], CultureInfo.InvariantCulture, out id))
            return null;
        if (sort.EndsWith("name", StringComparison.Ordinal))
        {
            var name = from?[0] ?? "";
            if (sort[0] == '-')
                return (from is null ? rows : rows.Where(s => EF.Functions.LessThan(ValueTuple.Create(s.Name, s.Id), ValueTuple.Create(name, id)))).OrderByDescending(s => s.Name).ThenByDescending(s => s.Id);
            return (from is null ? rows : rows.Where(s => EF.Functions.GreaterThan(ValueTuple.Create(s.Name, s.Id), ValueTuple.Create(name, id)))).OrderBy(s => s.Name).ThenBy(s => s.Id);
        }

        var ticks = 0L;
        if (from is not null && (!long.TryParse(from[0], CultureInfo.InvariantCulture, out ticks) || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks))
            return null;
        var at = new DateTimeOffset(ticks, TimeSpan.Zero);
        if (sort[0] == '-')
            return (from is null ? rows : rows.Where(s => EF.Functions.LessThan(ValueTuple.Create(s.CreatedAt, s.Id), ValueTuple.Create(at, id)))).OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id);
        return (from is null ? rows : rows.Where(s => EF.Functions.GreaterThan(ValueTuple.Create(s.CreatedAt, s.Id), ValueTuple.Create(at, id)))).OrderBy(s => s.CreatedAt).ThenBy(s => s.Id);
    }

    private static bool Many<T>(string? text, out T[] values) where T : struct, Enum
    {
        values = [];
        var list = new List<T>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (char.IsAsciiDigit(part[0]) || part[0] is '-' or '+' || !Enum.TryParse<T>(part, ignoreCase: true, out var value))
                return false;
            list.Add(value);
        }

        values = [.. list];
        return true;
    }

    // A result cannot hold an interface by itself.
    private sealed record Rows(IQueryable<Session> Query);
}
