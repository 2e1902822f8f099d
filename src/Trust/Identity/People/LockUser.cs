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

/// <summary>Locks somebody out (their logins end at once), and lets them in again.</summary>
internal static class LockUser
{
    public sealed record Request([MaxLength(200)] string? Reason = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id}/lock", LockAsync).Needs(IdentityPermissions.Manage).Audited("user.locked")
            .WithSummary("Lock an account and end its logins").WithTags("People");
        api.MapPost("/users/{id}/unlock", UnlockAsync).Needs(IdentityPermissions.Manage).Audited("user.unlocked")
            .WithSummary("Unlock an account, also after too many failed logins").WithTags("People");
    }

    internal static async Task<Results<Ok<UserView>, FailureResult>> LockAsync(
        UserId id, Request? request, ICaller caller, IdentityDb db, UserRules rules, LoginEnding ending, UserChanges changes, IEventLog events, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        if (user.Id == caller.Id)
            return UserFailures.NotYourself.ToHttp();
        if (await rules.CheckNotLastAsync(db, user, ct) is { } last)
            return last.ToHttp();
        var before = user.ToView();
        var locked = user.Lock(request?.Reason);
        if (!locked.Ok)
            return locked.Failure.ToHttp();
        events.Append(db, new UserLocked(user.Id, user.Username, "administrator", null));
        var ended = await ending.EndAllAsync(db, user.Id, LoginEnd.Locked, but: null, ct);
        if (await changes.SaveAsync(db, user, before, ct) is { } failure)
            return failure.ToHttp();
        ending.Apply(ended);
        return TypedResults.Ok(user.ToView());
    }

    internal static async Task<Results<Ok<UserView>, FailureResult>> UnlockAsync(UserId id, IdentityDb db, LoginThrottle throttle, UserChanges changes, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        var before = user.ToView();
        var waited = await throttle.ForgetAsync(db, user, ct);
        var unlocked = user.Unlock();
        if (!unlocked.Ok && !waited)
            return unlocked.Failure.ToHttp();
        return await changes.SaveAsync(db, user, before, ct) is { } failure ? failure.ToHttp() : TypedResults.Ok(user.ToView());
    }
}
