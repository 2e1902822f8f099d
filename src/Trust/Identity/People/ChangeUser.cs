using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>An administrator changes somebody's account; what is left out stays. People change their own through <c>/me</c>, roles excepted.</summary>
internal static class ChangeUser
{
    public sealed record Request(
        [MinLength(1), MaxLength(120)] string? DisplayName = null,
        [MaxLength(254)] string? Email = null,
        [MinLength(1), MaxLength(20)] IReadOnlyList<string>? Roles = null,
        [RegularExpression(UserFields.LocalePattern, ErrorMessage = UserFields.LocaleText)] string? Locale = null,
        [MaxLength(64)] string? TimeZone = null);

    /// <param name="DisplayName">What people call me.</param>
    /// <param name="Email">Empty removes it.</param>
    /// <param name="Locale">Language of mails and texts.</param>
    /// <param name="TimeZone">IANA name.</param>
    public sealed record OwnRequest(
        [MinLength(1), MaxLength(120)] string? DisplayName = null,
        [MaxLength(254)] string? Email = null,
        [RegularExpression(UserFields.LocalePattern, ErrorMessage = UserFields.LocaleText)] string? Locale = null,
        [MaxLength(64)] string? TimeZone = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/users/{id}", HandleAsync).Needs(IdentityPermissions.Manage).Audited("user.updated")
            .WithSummary("Change an account").WithTags("People");
        api.MapPatch("/me", HandleOwnAsync).NeedsLogin().Audited("user.updated")
            .WithSummary("Change my name, e-mail address, language or time zone").WithTags("Me");
    }

    internal static async Task<Results<Ok<UserView>, FailureResult>> HandleAsync(
        UserId id, Request request, HttpContext context, ICaller caller, IdentityDb db, UserRules rules, UserChanges changes, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        if (context.EditsOlderThan(user.Version))
            return UserFailures.ChangedMeanwhile.ToHttp();
        var before = user.ToView();
        if (request.Roles is { } roles)
        {
            if (rules.CheckRoles(roles) is { } unknown)
                return unknown.ToHttp();
            var demotes = rules.IsAdministrator(user.Roles) && !rules.IsAdministrator(roles);
            if (demotes && user.Id == caller.Id)
                return UserFailures.NotYourself.ToHttp();
            if (demotes && await rules.CheckNotLastAsync(db, user, ct) is { } last)
                return last.ToHttp();
            user.ChangeRoles(roles);
        }

        return await SaveAsync(new(request.DisplayName, request.Email, request.Locale, request.TimeZone), user, before, context, db, changes, ct);
    }

    internal static async Task<Results<Ok<UserView>, FailureResult>> HandleOwnAsync(
        OwnRequest request, HttpContext context, ICaller caller, IdentityDb db, UserChanges changes, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await db.Users.SingleAsync(u => u.Id == caller.UserId, ct);
        return context.EditsOlderThan(user.Version) ? UserFailures.ChangedMeanwhile.ToHttp() : await SaveAsync(request, user, user.ToView(), context, db, changes, ct);
    }

    private static async Task<Results<Ok<UserView>, FailureResult>> SaveAsync(
        OwnRequest request, User user, UserView before, HttpContext context, IdentityDb db, UserChanges changes, CancellationToken ct)
    {
        if (request.Email is { Length: > 0 } email && !new EmailAddressAttribute().IsValid(email))
            return Failure.Field("email", "is not an e-mail address.").ToHttp();
        if (request.TimeZone is { Length: > 0 } zone && UserFields.CheckTimeZone(zone) is { } wrong)
            return wrong.ToHttp();
        if (request.DisplayName is { } name)
            user.DisplayName = name.Trim();
        if (request.Email is not null)
            user.ChangeEmail(request.Email);
        user.Locale = string.IsNullOrEmpty(request.Locale) ? user.Locale : request.Locale;
        user.TimeZone = string.IsNullOrEmpty(request.TimeZone) ? user.TimeZone : request.TimeZone;
        if (await changes.SaveAsync(db, user, before, ct) is { } failure)
            return failure.ToHttp();
        context.TellVersion(user.Version);
        return TypedResults.Ok(user.ToView());
    }
}
