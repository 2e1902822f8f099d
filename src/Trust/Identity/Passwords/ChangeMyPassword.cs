using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Changes the caller's own password and ends all their other logins.</summary>
internal static class ChangeMyPassword
{
    public sealed record Request([MinLength(1), MaxLength(512)] string CurrentPassword, [MinLength(1), MaxLength(512)] string NewPassword);

    private static readonly Failure Wrong = Failure.Field("current_password", "is not your current password.");

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/auth/password", HandleAsync).NeedsLogin().Limited("login").Audited("user.password_changed")
        .WithSummary("Change my password").WithTags("Logins");

    internal static async Task<Results<NoContent, FailureResult>> HandleAsync(
        Request request, ICaller caller, IdentityDb db, Passwords passwords, LoginThrottle throttle, LoginEnding ending, LiveLogins live, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        audit.Resource = $"user:{caller.UserId}";
        var user = await db.Users.SingleAsync(u => u.Id == caller.UserId, ct);
        if (await throttle.WaitAsync(db, user.Username, ct) is { } wait)
            return LoginFailure.Throttled(wait).ToHttp();
        if (await passwords.CheckAsync(user.PasswordHash, request.CurrentPassword, ct) == PasswordCheck.Wrong)
        {
            await throttle.FailedAsync(db, user.Username, ct);
            return Wrong.ToHttp();
        }

        if (PasswordPolicy.Check("new_password", request.NewPassword, user.Username, user.Email) is { } weak)
            return weak.ToHttp();
        if (request.NewPassword == request.CurrentPassword)
            return Failure.Field("new_password", "must not be the current one.").ToHttp();

        user.ChangePassword(await passwords.HashAsync(request.NewPassword, ct), temporary: false);
        user.Touch(clock.GetUtcNow());
        events.Append(db, new UserUpdated(user.Id, user.Username, ["password"]));
        var ended = await ending.EndAllAsync(db, user.Id, LoginEnd.PasswordChanged, but: caller.Login, ct);
        await db.SaveChangesAsync(ct);
        ending.Apply(ended);
        live.Forget(user.Id);
        return TypedResults.NoContent();
    }
}
