using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>Ends shares and tells it, in the caller's transaction.</summary>
internal sealed class ShareEnding(SharingDb db, IUserDirectory people, ISessionDirectory sessions, IEventLog events)
{
    /// <summary>Removes rows that are locked; answers the names of the people they were for.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(IReadOnlyList<Share> shares, string cause, CancellationToken ct)
    {
        var known = await people.FindAsync([.. shares.Select(s => s.UserId).Distinct()], ct);
        var names = new List<string>(shares.Count);
        foreach (var share in shares)
        {
            var username = known.TryGetValue(share.UserId, out var person) ? person.Username : "";
            var session = (await sessions.FindAsync(share.SessionId, ct))?.Name ?? "";
            db.Remove(share);
            events.Append(db, share.Ended(session, username, cause));
            names.Add(username);
        }

        await db.SaveChangesAsync(ct);
        return names;
    }
}
