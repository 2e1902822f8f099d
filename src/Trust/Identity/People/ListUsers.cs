using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Everybody who is not deleted, searched and paged.</summary>
internal static class ListUsers
{
    /// <param name="Search">Part of the user name, display name or e-mail address.</param>
    /// <param name="State">active, locked or invited.</param>
    /// <param name="Role">Only people with this role.</param>
    /// <param name="Sort">username, -username, created_at or -created_at.</param>
    public sealed record Query(
        [FromQuery(Name = "search"), MaxLength(100)] string? Search,
        [FromQuery(Name = "state"), RegularExpression("^(active|locked|invited)$", ErrorMessage = "must be active, locked or invited.")] string? State,
        [FromQuery(Name = "role"), MaxLength(40)] string? Role,
        [FromQuery(Name = "sort"), RegularExpression("^-?(username|created_at)$", ErrorMessage = "must be username, -username, created_at or -created_at.")] string? Sort);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/users", HandleAsync).Needs(IdentityPermissions.View)
        .WithSummary("List people").WithTags("People");

    internal static async Task<Results<Ok<Page<UserView>>, FailureResult>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, IdentityDb db, CancellationToken ct)
    {
        var cursor = Cursor.Read(page.Cursor, 2);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        var people = Filter(db.Users.AsNoTracking().Where(u => u.State != UserState.Deleted), query);
        var total = await people.LongCountAsync(ct);
        var sort = query.Sort ?? "username";
        var after = After(people, sort, cursor.Value);
        if (!after.Ok)
            return after.Failure.ToHttp();
        var (shown, next) = await Order(after.Value, sort).SliceAsync(page, u => [u.CreatedAt.ToString("O", CultureInfo.InvariantCulture), u.Username], ct);
        return TypedResults.Ok(new Page<UserView>([.. shown.Select(u => u.ToView())], next, total));
    }

    private static IQueryable<User> Filter(IQueryable<User> people, Query query)
    {
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var pattern = LikePattern.Containing(query.Search);
            people = people.Where(u => EF.Functions.ILike(u.Username, pattern, "\\") || EF.Functions.ILike(u.DisplayName, pattern, "\\") || EF.Functions.ILike(u.Email!, pattern, "\\"));
        }

        if (query.State is { Length: > 0 } text && Enum.Parse<UserState>(text, ignoreCase: true) is var state)
            people = people.Where(u => u.State == state);
        if (query.Role is { Length: > 0 } role)
            people = people.Where(u => u.Roles.Contains(role));
        return people;
    }

    // User names are unique, so they also break ties between people created in the same microsecond.
    private static Result<IQueryable<User>> After(IQueryable<User> people, string sort, string[]? cursor)
    {
        if (cursor is not [var at, var name])
            return Result<IQueryable<User>>.From(people);
        if (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return Cursor.Foreign;
        return Result<IQueryable<User>>.From(sort switch
        {
            "-username" => people.Where(u => string.Compare(u.Username, name) < 0),
            "created_at" => people.Where(u => u.CreatedAt > time || (u.CreatedAt == time && string.Compare(u.Username, name) > 0)),
            "-created_at" => people.Where(u => u.CreatedAt < time || (u.CreatedAt == time && string.Compare(u.Username, name) > 0)),
            _ => people.Where(u => string.Compare(u.Username, name) > 0),
        });
    }

    private static IQueryable<User> Order(IQueryable<User> people, string sort) => sort switch
    {
        "-username" => people.OrderByDescending(u => u.Username),
        "created_at" => people.OrderBy(u => u.CreatedAt).ThenBy(u => u.Username),
        "-created_at" => people.OrderByDescending(u => u.CreatedAt).ThenBy(u => u.Username),
        _ => people.OrderBy(u => u.Username),
    };
}
