using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>An administrator ends all logins of somebody; they may log in again.</summary>
internal static class ForceLogout
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/users/{id}/logout", HandleAsync).Needs(IdentityPermissions.Manage).Audited("user.logged_out")
        .WithSummary("End all logins of somebody").WithTags("People");

    internal static async Task<Results<NoContent, FailureResult>> HandleAsync(UserId id, IdentityDb db, LoginEnding ending, AuditScope audit, CancellationToken ct)
    {
        audit.Resource = $"user:{id}";
        if (!await db.Users.AnyAsync(u => u.Id == id && u.State != UserState.Deleted, ct))
            return UserFailures.NoSuchUser.ToHttp();
        var ended = await ending.EndAllAsync(db, id, LoginEnd.Forced, but: null, ct);
        await db.SaveChangesAsync(ct);
        ending.Apply(ended);
        return TypedResults.NoContent();
    }
}
