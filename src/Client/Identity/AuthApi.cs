namespace StreamSpace.Client;

/// <summary>Set-up, login, logout, who I am.</summary>
public sealed class AuthApi
{
    private readonly Transport transport;

    internal AuthApi(Transport transport) => this.transport = transport;

    /// <summary>Whether the first administrator is still to be created.</summary>
    public Task<SetupState> SetupStateAsync(CancellationToken ct) => transport.GetAsync<SetupState>("api/v1/auth/setup", ct);

    /// <summary>Creates the first administrator and logs in as them.</summary>
    public async Task<User> SetUpAsync(SetupRequest request, CancellationToken ct) => await KeepAsync(await transport.PostAsync<LoginAnswer>("api/v1/auth/setup", request, ct));

    /// <summary>Logs in and keeps the tokens.</summary>
    /// <param name="username">Name to log in with.</param>
    /// <param name="password">Password.</param>
    /// <param name="remember">True keeps the login for 30 days instead of 7.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task<User> LogInAsync(string username, string password, bool remember, CancellationToken ct)
    {
        await transport.Tokens.WriteAsync(null, ct); // a stale token beside a password would only confuse
        return await KeepAsync(await transport.PostAsync<LoginAnswer>("api/v1/auth/login", new { username, password, remember }, ct));
    }

    /// <summary>Ends this login and forgets the tokens, also when the server no longer knows them.</summary>
    public async Task LogOutAsync(CancellationToken ct)
    {
        try
        {
            await transport.SendAsync(HttpMethod.Post, "api/v1/auth/logout", new { }, ct);
        }
        catch (ClientFailure e) when (e.Status is System.Net.HttpStatusCode.Unauthorized)
        {
            // Already ended: that is what was wanted.
        }

        await transport.Tokens.WriteAsync(null, ct);
    }

    /// <summary>Who the caller is and what they may do.</summary>
    public Task<Me> MeAsync(CancellationToken ct) => transport.GetAsync<Me>("api/v1/auth/me", ct);

    private async Task<User> KeepAsync(LoginAnswer answer)
    {
        if (answer.ToTokens(transport.Clock) is not { } tokens || answer.User is null)
            throw new ClientFailure(null, "NOT_UNDERSTOOD", "The server accepted the login but handed out no token.");
        await transport.Tokens.WriteAsync(tokens, CancellationToken.None);
        return answer.User;
    }
}
