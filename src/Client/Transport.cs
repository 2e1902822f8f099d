using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamSpace.Client;

/// <summary>Sends requests with the access token, renews it when it has ended, and reads answers and failures.</summary>
internal sealed class Transport(HttpClient http, ITokenStore tokens, TimeProvider clock)
{
    public Uri Server => http.BaseAddress!;

    public ITokenStore Tokens => tokens;

    public TimeProvider Clock => clock;

    public Task<T> GetAsync<T>(string path, CancellationToken ct) => SendAsync<T>(HttpMethod.Get, path, null, ct);

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken ct) => SendAsync<T>(HttpMethod.Post, path, body, ct);

    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var answer = await SendAsync(method, path, body, HttpCompletionOption.ResponseContentRead, ct);
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(ClientJson.Options, ct) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ClientFailure(answer.StatusCode, "NOT_UNDERSTOOD", $"The answer to {method} {path} was not understood: {e.Message}", e);
        }
    }

    public async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken ct) =>
        (await SendAsync(method, path, body, HttpCompletionOption.ResponseContentRead, ct)).Dispose();

    /// <summary>The answer is a success; otherwise a <see cref="ClientFailure"/> was thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, HttpCompletionOption completion, CancellationToken ct)
    {
        var held = await FreshAsync(ct);
        var answer = await OnceAsync(method, path, body, held, completion, ct);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && held?.Refresh is not null && await RenewAsync(held, ct) is { } renewed)
        {
            answer.Dispose();
            answer = await OnceAsync(method, path, body, renewed, completion, ct);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await ProblemReader.ReadAsync(answer, ct);
    }

    /// <summary>Tokens that are good for at least the next seconds, if there are any.</summary>
    public async Task<Tokens?> FreshAsync(CancellationToken ct)
    {
        var held = await tokens.ReadAsync(ct);
        return held is { Refresh: not null, ExpiresAt: { } end } && end <= clock.GetUtcNow().AddSeconds(10) ? await RenewAsync(held, ct) ?? held : held;
    }

    private async Task<Tokens?> RenewAsync(Tokens stale, CancellationToken ct)
    {
        await using var turn = await tokens.LockAsync(ct);
        var current = await tokens.ReadAsync(ct);
        if (current is null || current.Access != stale.Access)
            return current; // somebody else renewed while we waited, or logged out
        using var answer = await OnceAsync(HttpMethod.Post, "api/v1/auth/refresh", new { refresh_token = stale.Refresh }, null, HttpCompletionOption.ResponseContentRead, ct);
        if (!answer.IsSuccessStatusCode)
            return null;
        var login = await answer.Content.ReadFromJsonAsync<LoginAnswer>(ClientJson.Options, ct);
        var renewed = login?.ToTokens(clock);
        if (renewed is not null)
            await tokens.WriteAsync(renewed, CancellationToken.None); // the old token is spent: this must not be lost to a cancellation
        return renewed;
    }

    private async Task<HttpResponseMessage> OnceAsync(HttpMethod method, string path, object? body, Tokens? held, HttpCompletionOption completion, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        if (held is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", held.Access);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body, body.GetType(), options: ClientJson.Options);
        try
        {
            return await http.SendAsync(request, completion, ct);
        }
        catch (HttpRequestException e)
        {
            throw new ClientFailure(null, "UNREACHABLE", Unreachable(e), e);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ClientFailure(null, "TIMEOUT", $"{Server} did not answer in time.", e);
        }
    }

    private string Unreachable(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"There is no machine called {Server.Host}.",
        HttpRequestError.SecureConnectionError => $"The certificate of {Server} is not trusted here.",
        _ when e.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused } => $"Nothing answers at {Server}. Is the server running?",
        _ => $"{Server} cannot be reached: {e.Message}",
    };
}
