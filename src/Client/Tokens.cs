namespace StreamSpace.Client;

/// <summary>What a login hands out.</summary>
/// <param name="Access">Sent with each request.</param>
/// <param name="Refresh">Buys the next pair, once; null for a token that came from outside.</param>
/// <param name="ExpiresAt">When the access token ends; null when unknown.</param>
public sealed record Tokens(string Access, string? Refresh, DateTimeOffset? ExpiresAt);

/// <summary>
/// Where a client keeps its tokens. A refresh token is good for one use, and using an old one ends the whole login; so whoever
/// shares tokens between processes must renew under a lock and look first whether somebody else already did.
/// </summary>
public interface ITokenStore
{
    /// <summary>The tokens as they are now; null: not logged in.</summary>
    ValueTask<Tokens?> ReadAsync(CancellationToken ct);

    /// <summary>Keeps new tokens; null forgets them.</summary>
    ValueTask WriteAsync(Tokens? tokens, CancellationToken ct);

    /// <summary>Holds others off from renewing until disposed.</summary>
    ValueTask<IAsyncDisposable> LockAsync(CancellationToken ct);
}

/// <summary>Tokens in memory, for one process.</summary>
public sealed class MemoryTokens(Tokens? tokens = null) : ITokenStore, IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Tokens? current = tokens;

    /// <inheritdoc/>
    public ValueTask<Tokens?> ReadAsync(CancellationToken ct) => new(current);

    /// <inheritdoc/>
    public ValueTask WriteAsync(Tokens? tokens, CancellationToken ct)
    {
        current = tokens;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        return new Turn(turn);
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return ValueTask.CompletedTask;
        }
    }
}
