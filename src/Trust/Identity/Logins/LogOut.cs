using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Ends the login that asks, or all of the person's.</summary>
internal static class LogOut
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/logout", HandleAsync).NeedsLogin().Audited("user.logout")
            .WithSummary("Log out").WithTags("Logins");
        api.MapPost("/auth/logout-all", HandleAllAsync).NeedsLogin().Audited("user.logout_all")
            .WithSummary("Log out everywhere").WithTags("Logins");
    }

    internal static async Task<NoContent> HandleAsync(HttpContext context, ICaller caller, IdentityDb db, IEventLog events, LoginEnding ending, AuditScope audit, CancellationToken ct)
    {
        audit.Resource = $"login:{caller.Login}";
        var login = await db.Logins.SingleAsync(l => l.Id == caller.Login, ct);
        if (login.EndedAt is null)
        {
            ending.End(db, login, LoginEnd.LoggedOut);
            events.Append(db, new UserLoggedOut(login.UserId, caller.Name, login.Id));
            await db.SaveChangesAsync(ct);
        }

        ending.Apply([login]);
        LoginCookies.Clear(context);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> HandleAllAsync(HttpContext context, ICaller caller, IdentityDb db, IEventLog events, LoginEnding ending, AuditScope audit, CancellationToken ct)
    {
        audit.Resource = $"user:{caller.UserId}";
        var ended = await ending.EndAllAsync(db, caller.UserId, LoginEnd.LoggedOut, but: null, ct);
        foreach (var login in ended)
            events.Append(db, new UserLoggedOut(login.UserId, caller.Name, login.Id));
        await db.SaveChangesAsync(ct);
        ending.Apply(ended);
        LoginCookies.Clear(context);
        return TypedResults.NoContent();
    }
}
