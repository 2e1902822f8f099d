using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Finds sessions as the caller may see them, and answers them. Whoever may not know of a session gets the same answer as if there were none.</summary>
internal sealed class SessionShelf(SessionsDb db, ICaller caller, ISessionGrants grants, IEnumerable<IViewerCounts> viewerCounts, IEnumerable<IRecordingNotice> notices)
{
    private Dictionary<SessionId, SessionGrant>? given;

    /// <summary>What the caller may see at all.</summary>
    public async Task<IQueryable<Session>> VisibleAsync(CancellationToken ct)
    {
        if (caller.May(SessionsPermissions.ViewAll) || caller.May(SessionsPermissions.ManageAll))
            return db.Sessions;
        var (me, others) = (caller.UserId, (await GivenAsync(ct)).Keys.ToArray());
        return others.Length == 0 ? db.Sessions.Where(s => s.OwnerId == me) : db.Sessions.Where(s => s.OwnerId == me || others.Contains(s.Id));
    }

    /// <summary>Other people's sessions that the caller was given access to.</summary>
    public async Task<IQueryable<Session>> SharedAsync(CancellationToken ct)
    {
        var (me, others) = (caller.UserId, (await GivenAsync(ct)).Keys.ToArray());
        return db.Sessions.Where(s => s.OwnerId != me && others.Contains(s.Id));
    }

    /// <summary>One session the caller may see.</summary>
    public async Task<Result<Session>> FindAsync(SessionRef reference, CancellationToken ct)
    {
        Session? found;
        if (reference.Id is { } id)
        {
            found = await (await VisibleAsync(ct)).FirstOrDefaultAsync(s => s.Id == id, ct);
        }
        else
        {
            var me = caller.Id;
            found = await db.Sessions.FirstOrDefaultAsync(s => s.OwnerId == me && s.Name == reference.Name && s.Wanted != SessionWish.Terminated, ct);
        }

        return found is null ? SessionFailures.Missing : found;
    }

    /// <summary>One session the caller may change.</summary>
    public Task<Result<Session>> FindToManageAsync(SessionRef reference, CancellationToken ct) => FindAsync(reference, rights => rights.Manage, ct);

    /// <summary>One session whose inside the caller may look at: its output, its processes.</summary>
    public Task<Result<Session>> FindToLookInsideAsync(SessionRef reference, CancellationToken ct) => FindAsync(reference, rights => rights.Inside, ct);

    /// <summary>One session whose history, use and plans the caller may look at.</summary>
    public Task<Result<Session>> FindToReadAboutAsync(SessionRef reference, CancellationToken ct) => FindAsync(reference, rights => rights.Story, ct);

    /// <summary>One session whose display the caller may look at.</summary>
    public Task<Result<Session>> FindToWatchAsync(SessionRef reference, CancellationToken ct) => FindAsync(reference, rights => rights.Level is not null, ct);

    public async Task<SessionAnswer> AnswerAsync(Session session, CancellationToken ct) => (await AnswerAsync([session], ct))[0];

    /// <summary>Answers a page with a few more questions, however long it is.</summary>
    public async Task<IReadOnlyList<SessionAnswer>> AnswerAsync(IReadOnlyList<Session> sessions, CancellationToken ct)
    {
        var ids = sessions.Select(s => s.Id).ToArray();
        var seen = await db.Presence.AsNoTracking().Where(p => ids.Contains(p.SessionId)).ToDictionaryAsync(p => p.SessionId, p => p.LastActivityAt, ct);
        var viewers = viewerCounts.FirstOrDefault() is { } counts ? await counts.CountAsync(ids, ct) : new Dictionary<SessionId, int>();
        var shared = await GivenAsync(ct);
        // Their owners see it in the list of recordings; people it is shared with have no such list, and type into it all the same.
        var looked = ids.Where(shared.ContainsKey).ToArray();
        var recorded = looked.Length > 0 && notices.FirstOrDefault() is { } notice ? await notice.RecordedAsync(looked, ct) : new HashSet<SessionId>();
        return [.. sessions.Select(s => s.ToAnswer(RightsOn(s, shared), viewers.GetValueOrDefault(s.Id), seen.TryGetValue(s.Id, out var at) ? at : null, recorded.Contains(s.Id)))];
    }

    private async Task<Result<Session>> FindAsync(SessionRef reference, Func<Rights, bool> enough, CancellationToken ct)
    {
        var found = await FindAsync(reference, ct);
        return found.Ok && !enough(RightsOn(found.Value, await GivenAsync(ct))) ? SessionFailures.MayNotManage : found;
    }

    private Rights RightsOn(Session session, Dictionary<SessionId, SessionGrant> shared) => Rights.Of(session.OwnerId, caller.Id, caller.May, shared.GetValueOrDefault(session.Id));

    private async Task<Dictionary<SessionId, SessionGrant>> GivenAsync(CancellationToken ct) =>
        given ??= caller.Id is { } me ? (await grants.ListAsync(me, ct)).ToDictionary(g => g.Session) : [];
}
