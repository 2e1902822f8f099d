using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sharing.Shares;

/// <summary>A share.</summary>
/// <param name="Id">The share.</param>
/// <param name="SessionId">Which session.</param>
/// <param name="User">Whom it is shared with.</param>
/// <param name="Level">What they may do with its display.</param>
/// <param name="CreatedBy">Who shared it.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">When it ends by itself; null: when somebody ends it.</param>
/// <param name="Note">What was said about it; null for nothing.</param>
public sealed record ShareAnswer(
    ShareId Id, SessionId SessionId, SharePerson User, AccessLevel Level, SharePerson CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? Note);

/// <summary>A person, briefly.</summary>
public sealed record SharePerson(UserId Id, string Username, string DisplayName);

/// <summary>Makes answers out of rows.</summary>
internal static class ShareMapping
{
    public static async Task<IReadOnlyList<ShareAnswer>> AnswerAsync(this IUserDirectory people, IReadOnlyList<Share> shares, CancellationToken ct)
    {
        var known = await people.FindAsync([.. shares.Select(s => s.UserId).Concat(shares.Select(s => s.CreatedBy)).Distinct()], ct);
        return [.. shares.Select(s => new ShareAnswer(s.Id, s.SessionId, Person(s.UserId), s.Level, Person(s.CreatedBy), s.CreatedAt, s.ExpiresAt, s.Note))];

        SharePerson Person(UserId id) => known.TryGetValue(id, out var found) ? new(id, found.Username, found.DisplayName) : new(id, "", "");
    }
}
