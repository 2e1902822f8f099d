using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>What a login answers. To our own web UI the tokens travel in cookies only, and are null here.</summary>
public sealed record LoginResponse(
    string? AccessToken, string TokenType, int ExpiresIn, string? RefreshToken, UserView? User, string? CsrfToken, LoginId LoginId, DateTimeOffset LoginExpiresAt);

/// <summary>Opens logins, however the person proved who they are.</summary>
internal sealed class LoginOpening(IEventLog events, AccessTokens tokens, ForgeryTokens forgery, LiveLogins live, TimeProvider clock, IOptions<IdentityOptions> options)
{
    /// <summary>Opens a login and saves it with whatever else is pending in <paramref name="db"/>; sets the cookies when the web UI asks.</summary>
    public async Task<LoginResponse> OpenAsync(IdentityDb db, HttpContext context, User user, bool remember, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var agent = context.Request.Headers.UserAgent.ToString();
        var login = new Login
        {
            Id = LoginId.New(),
            UserId = user.Id,
            Device = Device.Of(agent),
            Agent = agent.Length > 400 ? agent[..400] : agent,
            Address = context.Connection.RemoteIpAddress?.ToString(),
            ByCookie = LoginCookies.IsWeb(context.Request),
            Remember = remember,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + (remember ? options.Value.RememberedLifetime : options.Value.LoginLifetime),
        };
        var (refresh, row) = RefreshToken.Create(login.Id, now);
        db.Add(login);
        db.Add(row);
        events.Append(db, new UserLoggedIn(user.Id, user.Username, login.Id, login.Device, login.Address));

        // The same browser logs in anew: what it held before ends, so nobody can slip a login of theirs under it.
        var replaced = login.ByCookie ? await EndPreviousAsync(db, context.Request, now, ct) : null;
        await db.SaveChangesAsync(ct);
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u.SetProperty(p => p.LastLoginAt, now), ct);
        if (replaced is { } gone)
            live.Forget(gone);
        return await AnswerAsync(context, login, refresh, user, ct);
    }

    /// <summary>The answer to a login or a refresh: a fresh access token, and the refresh token that goes with it.</summary>
    public async Task<LoginResponse> AnswerAsync(HttpContext context, Login login, string refresh, User? user, CancellationToken ct)
    {
        var access = await tokens.IssueAsync(login.UserId, login.Id, ct);
        var expires = (int)tokens.Lifetime.TotalSeconds;
        if (!login.ByCookie)
            return new(access, "Bearer", expires, refresh, user?.ToView(), null, login.Id, login.ExpiresAt);
        var token = forgery.Of(login.Id);
        LoginCookies.Set(context, access, tokens.Lifetime, refresh, token, login.ExpiresAt, login.Remember);
        return new(null, "Cookie", expires, null, user?.ToView(), token, login.Id, login.ExpiresAt);
    }

    private async Task<LoginId?> EndPreviousAsync(IdentityDb db, HttpRequest request, DateTimeOffset now, CancellationToken ct)
    {
        if (LoginCookies.RefreshOf(request) is not { Length: > 0 and < 200 } token)
            return null;
        var hash = RefreshToken.HashOf(token);
        var previous = await db.Logins.SingleOrDefaultAsync(l => l.EndedAt == null && db.RefreshTokens.Any(t => t.Hash == hash && t.LoginId == l.Id), ct);
        if (previous is null)
            return null;
        previous.End(LoginEnd.Replaced, now);
        events.Append(db, new LoginEnded(previous.UserId, previous.Id, LoginEnd.Replaced));
        return previous.Id;
    }
}
