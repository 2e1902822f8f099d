using System.Collections.Concurrent;

namespace StreamSpace.Identity;

/// <summary>
/// Tokens whose signature was verified already. Two generations bound it: when the young one is full it becomes the old one,
/// and whatever was in the old one and is still in use comes back by being asked for.
/// </summary>
internal sealed class TokenCache
{
    private const int Generation = 10_000;
    private ConcurrentDictionary<string, AccessClaims> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, AccessClaims> old = new(StringComparer.Ordinal);
    private readonly Lock turning = new();
    private int count;

    public AccessClaims? Find(string token)
    {
        if (young.TryGetValue(token, out var claims))
            return claims;
        if (!old.TryGetValue(token, out claims))
            return null;
        Keep(token, claims);
        return claims;
    }

    public void Keep(string token, AccessClaims claims)
    {
        if (!young.TryAdd(token, claims) || Interlocked.Increment(ref count) < Generation)
            return;
        lock (turning)
        {
            if (count < Generation)
                return;
            old = young;
            young = new(StringComparer.Ordinal);
            count = 0;
        }
    }
}
