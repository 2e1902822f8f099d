using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Logs in with a name and a password. Whoever guesses learns nothing: not from the answer, not from how long it takes.</summary>
internal static class LogInByPassword
{
    public sealed record Request(
        [MinLength(1), MaxLength(254)] string Username,
        [MinLength(1), MaxLength(512)] string Password,
        bool Remember = false);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/auth/login", HandleAsync)
        .Anonymous().Limited("login").Audited("user.login").WithMetadata(new ChecksForgeryItself()).AnswersSecrets()
        .WithSummary("Log in with user name (or e-mail address) and password").WithTags("Logins");

    internal static async Task<Results<Ok<LoginResponse>, FailureResult>> HandleAsync(
        Request request, HttpContext context, IdentityDb db, Passwords passwords, LoginThrottle throttle, LoginOpening opening, IEventLog events, AuditScope audit, CancellationToken ct)
    {
        var name = Names.Of(request.Username);
        var user = await FindAsync(db, name, ct);
        audit.Resource = user is null ? "user:unknown" : $"user:{user.Id}";
        audit.Actor = (user?.Id, user?.Username ?? "");
        var address = context.Connection.RemoteIpAddress?.ToString();
        if (await throttle.WaitAsync(db, name, ct) is { } wait)
        {
            await events.AppendAsync([new UserLoginFailed(user?.Id, "throttled", address)], ct);
            return LoginFailure.Throttled(wait).ToHttp();
        }

        var check = await passwords.CheckAsync(user?.PasswordHash, request.Password, ct);
        if (user is null || check == PasswordCheck.Wrong)
            return (await RefuseAsync(db, throttle, events, user, name, address, ct)).ToHttp();
        if (user.State != UserState.Active)
        {
            // Told only to somebody who knows the password.
            await events.AppendAsync([new UserLoginFailed(user.Id, "locked", address)], ct);
            return LoginFailure.AccountLocked.ToHttp();
        }

        if (check == PasswordCheck.RightButWeaklyHashed)
            user.ChangePassword(await passwords.HashAsync(request.Password, ct), user.MustChangePassword);
        await throttle.ForgetAsync(db, name, ct);
        return TypedResults.Ok(await opening.OpenAsync(db, context, user, request.Remember, ct));
    }

    private static Task<User?> FindAsync(IdentityDb db, string name, CancellationToken ct) => name.Contains('@', StringComparison.Ordinal)
        ? db.Users.SingleOrDefaultAsync(u => u.Email == name && u.State != UserState.Deleted, ct)
        : db.Users.SingleOrDefaultAsync(u => u.Username == name && u.State != UserState.Deleted, ct);

    private static async Task<Failure> RefuseAsync(IdentityDb db, LoginThrottle throttle, IEventLog events, User? user, string name, string? address, CancellationToken ct)
    {
        var until = await throttle.FailedAsync(db, name, ct);
        var facts = new List<Contracts.IEvent> { new UserLoginFailed(user?.Id, "credentials", address) };
        if (until is not null && user is not null)
            facts.Add(new UserLocked(user.Id, user.Username, "failed_logins", until));
        await events.AppendAsync(facts, ct);
        return LoginFailure.WrongCredentials;
    }
}
