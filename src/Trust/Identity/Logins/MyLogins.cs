using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Where I am logged in, and ending one of those.</summary>
internal static class MyLogins
{
    public sealed record Item(LoginId Id, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, bool Current);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/auth/logins", ListAsync).NeedsLogin().WithSummary("Where I am logged in").WithTags("Logins");
        api.MapDelete("/auth/logins/{id}", EndAsync).NeedsLogin().Audited("login.ended").WithSummary("End one of my logins").WithTags("Logins");
    }

    internal static async Task<Page<Item>> ListAsync(ICaller caller, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var mine = await db.Logins.AsNoTracking()
            .Where(l => l.UserId == caller.UserId && l.EndedAt == null && l.ExpiresAt > now)
            .OrderByDescending(l => l.LastUsedAt).Take(200).ToListAsync(ct);
        return new([.. mine.Select(l => new Item(l.Id, l.Device, l.Address, l.CreatedAt, l.Id == caller.Login ? now : l.LastUsedAt, l.ExpiresAt, l.Id == caller.Login))], null, mine.Count);
    }

    internal static async Task<Results<NoContent, FailureResult>> EndAsync(
        LoginId id, HttpContext context, ICaller caller, IdentityDb db, IEventLog events, LoginEnding ending, AuditScope audit, CancellationToken ct)
    {
        audit.Resource = $"login:{id}";
        if (await db.Logins.SingleOrDefaultAsync(l => l.Id == id && l.UserId == caller.UserId && l.EndedAt == null, ct) is not { } login)
            return LoginFailure.NoSuchLogin.ToHttp();
        var own = id == caller.Login;
        ending.End(db, login, own ? LoginEnd.LoggedOut : LoginEnd.Revoked);
        events.Append(db, new UserLoggedOut(login.UserId, caller.Name, login.Id));
        await db.SaveChangesAsync(ct);
        ending.Apply([login]);
        if (own)
            LoginCookies.Clear(context);
        return TypedResults.NoContent();
    }
}
