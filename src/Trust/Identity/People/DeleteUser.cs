using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Deletes an account. Other modules end what the person owned when they hear of it; the name is free again.</summary>
internal static class DeleteUser
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/users/{id}", HandleAsync).Needs(IdentityPermissions.Manage).Audited("user.deleted")
        .WithSummary("Delete an account").WithTags("People");

    internal static async Task<Results<NoContent, FailureResult>> HandleAsync(
        UserId id, HttpContext context, ICaller caller, IdentityDb db, UserRules rules, LoginEnding ending, LiveLogins live, IEventLog events, AuditScope audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        if (context.EditsOlderThan(user.Version))
            return UserFailures.ChangedMeanwhile.ToHttp();
        if (user.Id == caller.Id)
            return UserFailures.NotYourself.ToHttp();
        if (await rules.CheckNotLastAsync(db, user, ct) is { } last)
            return last.ToHttp();
        audit.Resource = $"user:{user.Id}";
        audit.Changed("username", user.Username, null);
        var ended = await ending.EndAllAsync(db, user.Id, LoginEnd.Deleted, but: null, ct);
        user.Delete(clock.GetUtcNow());
        events.Append(db, new UserDeleted(user.Id, user.Username));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        ending.Apply(ended);
        live.Forget(user.Id);
        return TypedResults.NoContent();
    }
}
