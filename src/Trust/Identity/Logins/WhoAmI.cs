using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Access;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Tells the caller who they are and what they may do.</summary>
internal static class WhoAmI
{
    /// <param name="User">The person.</param>
    /// <param name="Permissions">Names of everything they may do; see <c>/permissions</c>.</param>
    /// <param name="CsrfToken">For the header <c>X-CSRF-Token</c> of writes by cookie; null for bearer callers, who need none.</param>
    /// <param name="LoginId">The login the request came with.</param>
    public sealed record Response(UserView User, IReadOnlyList<string> Permissions, string? CsrfToken, LoginId? LoginId);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/auth/me", HandleAsync).NeedsLogin()
        .WithSummary("Who I am and what I may do").WithTags("Logins");

    internal static async Task<Response> HandleAsync(ICaller caller, IdentityDb db, IRoleGrants grants, ForgeryTokens forgery, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.UserId, ct);
        return new(
            user.ToView(), [.. grants.PermissionsOf(user.Roles).Order(StringComparer.Ordinal)],
            caller is { ByCookie: true, Login: { } login } ? forgery.Of(login) : null, caller.Login);
    }
}
