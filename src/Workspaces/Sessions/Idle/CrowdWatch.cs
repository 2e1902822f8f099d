using System.Collections.Concurrent;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Sessions;

/// <summary>Tells that a session's limit on processes refused new ones (a fork bomb, or just too many programs): once, then not again for a while.</summary>
internal sealed class CrowdWatch(SessionWriter writer, TimeProvider clock)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<SessionId, (long Refused, DateTimeOffset? Told)> seen = new();
    private readonly DateTimeOffset since = clock.GetUtcNow();

    /// <summary>Compares a sample with the one before. What a session refused before this server was there has been told by the one before it.</summary>
    public async Task LookAsync(SessionId session, DateTimeOffset? startedAt, UsageSample sample, CancellationToken ct)
    {
        if (sample.ProcessesRefused is not { } refused)
            return;
        var (before, told) = seen.TryGetValue(session, out var last) ? last : (startedAt >= since ? 0 : refused, null);
        var grew = refused > before || (refused < before && refused > 0); // smaller: another start counts from nothing
        var now = clock.GetUtcNow();
        var tell = grew && !(told + Quiet > now);
        seen[session] = (refused, tell ? now : told);
        if (tell)
            await writer.ChangeAsync(session, s => s.Crowded(), ct);
    }

    public void Forget(SessionId session) => seen.TryRemove(session, out _);
}
