using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>An administrator gives somebody a temporary password, which is shown once; all their logins end.</summary>
internal static class ResetPassword
{
    public sealed record Response(string TemporaryPassword);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/users/{id}/reset-password", HandleAsync).Needs(IdentityPermissions.Manage).Audited("user.password_reset").AnswersSecrets()
        .WithSummary("Replace somebody's password with a temporary one").WithTags("People");

    internal static async Task<Results<Ok<Response>, FailureResult>> HandleAsync(
        UserId id, ICaller caller, IdentityDb db, Passwords passwords, LoginThrottle throttle, LoginEnding ending, UserChanges changes, IEventLog events, CancellationToken ct)
    {
        var temporary = PasswordPolicy.Temporary();
        var hash = await passwords.HashAsync(temporary, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        if (user.Id == caller.Id)
            return UserFailures.NotYourself.ToHttp();
        var before = user.ToView();
        user.ChangePassword(hash, temporary: true);
        events.Append(db, new UserUpdated(user.Id, user.Username, ["password"]));
        var ended = await ending.EndAllAsync(db, user.Id, LoginEnd.PasswordChanged, but: null, ct);
        await throttle.ForgetAsync(db, user, ct);
        if (await changes.SaveAsync(db, user, before, ct) is { } failure)
            return failure.ToHttp();
        ending.Apply(ended);
        return TypedResults.Ok(new Response(temporary));
    }
}
