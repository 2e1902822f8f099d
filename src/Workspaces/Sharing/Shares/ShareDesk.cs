using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>The session that a share is about, as the caller sees it.</summary>
internal sealed class ShareDesk(ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions)
{
    public Task<SessionSight?> FindAsync(SessionRef session, CancellationToken ct) =>
        sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct);
}
