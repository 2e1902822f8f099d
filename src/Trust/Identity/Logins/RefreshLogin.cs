using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>
/// Trades a refresh token for the next one and a fresh access token. Each token works once; using one again means that two hold it, so the
/// whole login ends. The one exception: for a few seconds the token just used answers with the very same successor, as long
/// as that was not used in turn - two tabs that wake at once must not log their person out.
/// </summary>
internal static class RefreshLogin
{
    private const string Purpose = "identity.refresh-successor";

    public sealed record Request([MaxLength(200)] string? RefreshToken = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/auth/refresh", HandleAsync)
        .Anonymous().Audited("login.refreshed").WithMetadata(new ChecksForgeryItself()).AnswersSecrets()
        .WithSummary("Trade a refresh token for a new access token").WithTags("Logins");

    internal static async Task<Results<Ok<LoginResponse>, FailureResult>> HandleAsync(
        Request? request, HttpContext context, IdentityDb db, LoginOpening opening, LoginEnding ending, ForgeryTokens forgery, ISecretBox box, AuditScope audit,
        TimeProvider clock, IOptions<IdentityOptions> options, CancellationToken ct)
    {
        var byCookie = request?.RefreshToken is null;
        var token = request?.RefreshToken ?? LoginCookies.RefreshOf(context.Request);
        if (token is not { Length: > 0 and <= 200 })
            return LoginFailure.RefreshInvalid.ToHttp();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var hash = RefreshToken.HashOf(token);
        // The login's row is locked, so that two uses of one token are dealt with one after the other, on whichever replica.
#pragma warning disable CA3001 // the interpolated hash becomes a parameter, and is a hash
        var login = await db.Logins.FromSql(
            $"select l.* from identity.logins l where l.id = (select t.login_id from identity.refresh_tokens t where t.hash = {hash}) for update").SingleOrDefaultAsync(ct);
#pragma warning restore CA3001
        if (login is null || login.ByCookie != byCookie)
            return LoginFailure.RefreshInvalid.ToHttp();
        audit.Resource = $"login:{login.Id}";
        var user = await db.Users.SingleAsync(u => u.Id == login.UserId, ct);
        audit.Actor = (user.Id, user.Username);
        if (byCookie && !forgery.Matches(login.Id, context.Request.Headers[LoginCookies.ForgeryHeader].ToString()))
            return LoginFailure.Forged.ToHttp();
        var now = clock.GetUtcNow();
        if (!login.Holds(now) || user.State != UserState.Active)
        {
            LoginCookies.Clear(context);
            return LoginFailure.LoginOver.ToHttp();
        }

        var used = await db.RefreshTokens.SingleAsync(t => t.Hash == hash, ct);
        if (Next(db, used, login.Id, box, now, options.Value.RefreshGrace) is not { } next)
        {
            ending.End(db, login, LoginEnd.TokenReused);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            ending.Apply([login]);
            audit.Changed("ended", null, "token_reused");
            LoginCookies.Clear(context);
            return LoginFailure.RefreshInvalid.ToHttp();
        }

        login.LastUsedAt = now;
        if (used.UsedAt == now)
            await db.RefreshTokens.Where(t => t.LoginId == login.Id && t.Hash != hash && t.SealedSuccessor != null).ExecuteUpdateAsync(t => t.SetProperty(p => p.SealedSuccessor, (string?)null), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(await opening.AnswerAsync(context, login, next, user, ct));
    }

    /// <summary>The token that follows; null when this one was spent.</summary>
    private static string? Next(IdentityDb db, RefreshToken used, LoginId login, ISecretBox box, DateTimeOffset now, TimeSpan grace)
    {
        if (used.UsedAt is { } at)
            return now - at <= grace && used.SealedSuccessor is { } kept ? box.Open(Purpose, kept) : null;
        var (token, row) = RefreshToken.Create(login, now);
        used.Use(box.Seal(Purpose, token), now);
        db.Add(row);
        return token;
    }
}
