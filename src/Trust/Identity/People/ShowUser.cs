using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

internal static class ShowUser
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/users/{id}", HandleAsync).Needs(IdentityPermissions.View)
        .WithSummary("One account").WithTags("People");

    internal static async Task<Results<Ok<UserView>, FailureResult>> HandleAsync(UserId id, HttpContext context, IdentityDb db, CancellationToken ct)
    {
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id && u.State != UserState.Deleted, ct) is not { } user)
            return UserFailures.NoSuchUser.ToHttp();
        context.TellVersion(user.Version);
        return TypedResults.Ok(user.ToView());
    }
}
