using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Finds sessions as the caller may see them, and answers them. Whoever may not know of a session gets the same answer as if there were none.</summary>
internal sealed class SessionShelf(SessionsDb db, ICaller caller, IEnumerable<IViewerCounts> viewerCounts)
{
    /// <summary>What the caller may see at all.</summary>
    public IQueryable<Session> Visible()
    {
        if (caller.May(SessionsPermissions.ViewAll) || caller.May(SessionsPermissions.ManageAll))
            return db.Sessions;
        var me = caller.UserId;
        return db.Sessions.Where(s => s.OwnerId == me);
    }

    /// <summary>One session the caller may see.</summary>
    public async Task<Result<Session>> FindAsync(SessionRef reference, CancellationToken ct)
    {
        Session? found;
        if (reference.Id is { } id)
        {
            found = await Visible().FirstOrDefaultAsync(s => s.Id == id, ct);
        }
        else
        {
            var me = caller.Id;
            found = await db.Sessions.FirstOrDefaultAsync(s => s.OwnerId == me && s.Name == reference.Name && s.Wanted != SessionWish.Terminated, ct);
        }

        return found is null ? SessionFailures.Missing : found;
    }

    /// <summary>One session the caller may change.</summary>
    public async Task<Result<Session>> FindToManageAsync(SessionRef reference, CancellationToken ct)
    {
        var found = await FindAsync(reference, ct);
        return found.Ok && !Rights.Of(found.Value.OwnerId, caller).Manage ? SessionFailures.MayNotManage : found;
    }

    /// <summary>One session whose inside the caller may look at: its output, processes, use.</summary>
    public async Task<Result<Session>> FindToLookInsideAsync(SessionRef reference, CancellationToken ct)
    {
        var found = await FindAsync(reference, ct);
        return found.Ok && Rights.Of(found.Value.OwnerId, caller).Level is null ? SessionFailures.MayNotManage : found;
    }

    public async Task<SessionAnswer> AnswerAsync(Session session, CancellationToken ct) => (await AnswerAsync([session], ct))[0];

    /// <summary>Answers a page with two more questions, however long it is.</summary>
    public async Task<IReadOnlyList<SessionAnswer>> AnswerAsync(IReadOnlyList<Session> sessions, CancellationToken ct)
    {
        var ids = sessions.Select(s => s.Id).ToArray();
        var seen = await db.Presence.AsNoTracking().Where(p => ids.Contains(p.SessionId)).ToDictionaryAsync(p => p.SessionId, p => p.LastActivityAt, ct);
        var viewers = viewerCounts.FirstOrDefault() is { } counts ? await counts.CountAsync(ids, ct) : new Dictionary<SessionId, int>();
        return [.. sessions.Select(s => s.ToAnswer(Rights.Of(s.OwnerId, caller), viewers.GetValueOrDefault(s.Id), seen.TryGetValue(s.Id, out var at) ? at : null))];
    }
}
