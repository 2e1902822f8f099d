using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>An administrator creates an account, with a password or with a temporary one that is shown once.</summary>
internal static class CreateUser
{
    /// <param name="Username">Unique; also names the home.</param>
    /// <param name="Password">Left out: a temporary one is made and answered.</param>
    /// <param name="MustChangePassword">Whether the person has to choose a password of their own at the first login; always so with a temporary one.</param>
    /// <param name="DisplayName">What people call them; the user name when left out.</param>
    /// <param name="Email">Unique, if given.</param>
    /// <param name="Roles">Platform roles; <c>user</c> when left out.</param>
    /// <param name="Locale">Language of mails and texts.</param>
    /// <param name="TimeZone">IANA name.</param>
    public sealed record Request(
        [MinLength(1), RegularExpression(Names.Pattern, ErrorMessage = Names.PatternText)] string Username,
        [MaxLength(512)] string? Password = null,
        bool? MustChangePassword = null,
        [MaxLength(120)] string? DisplayName = null,
        [EmailAddress, MaxLength(254)] string? Email = null,
        [MaxLength(20)] IReadOnlyList<string>? Roles = null,
        [RegularExpression(UserFields.LocalePattern, ErrorMessage = UserFields.LocaleText)] string? Locale = null,
        [MaxLength(64)] string? TimeZone = null);

    /// <param name="User">The account.</param>
    /// <param name="TemporaryPassword">Shown this once; null when the request brought a password.</param>
    public sealed record Response(UserView User, string? TemporaryPassword);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/users", HandleAsync).Needs(IdentityPermissions.Manage).Audited("user.created").AnswersSecrets()
        .WithSummary("Create an account").WithTags("People");

    internal static async Task<Results<Created<Response>, FailureResult>> HandleAsync(
        Request request, HttpContext context, IdentityDb db, UserRules rules, Passwords passwords, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        var roles = request.Roles is { Count: > 0 } asked ? asked : [rules.Newcomer];
        if (rules.CheckRoles(roles) is { } unknown)
            return unknown.ToHttp();
        if (request.TimeZone is { Length: > 0 } zone && UserFields.CheckTimeZone(zone) is { } wrong)
            return wrong.ToHttp();
        if (request.Password is { } given && PasswordPolicy.Check("password", given, request.Username, request.Email) is { } weak)
            return weak.ToHttp();

        var temporary = request.Password is null ? PasswordPolicy.Temporary() : null;
        var hash = await passwords.HashAsync(request.Password ?? temporary!, ct);
        var user = User.Create(request.Username, request.DisplayName, request.Email, roles, hash, temporary is not null || request.MustChangePassword == true, clock.GetUtcNow());
        user.Locale = string.IsNullOrEmpty(request.Locale) ? user.Locale : request.Locale;
        user.TimeZone = string.IsNullOrEmpty(request.TimeZone) ? user.TimeZone : request.TimeZone;
        audit.Resource = $"user:{user.Id}";
        audit.Changed("username", null, user.Username);
        audit.Changed("roles", null, string.Join(' ', user.Roles));
        db.Add(user);
        events.Append(db, new UserCreated(user.Id, user.Username, user.DisplayName, user.Roles));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (UserRules.Taken(e) is { } taken)
        {
            return taken.ToHttp();
        }

        context.TellVersion(user.Version);
        return TypedResults.Created($"/api/v1/users/{user.Id}", new Response(user.ToView(), temporary));
    }
}
