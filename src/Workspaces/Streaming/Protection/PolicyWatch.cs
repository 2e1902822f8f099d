using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Tickets;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Protection;

/// <summary>Brings policies to the streams of this replica: when a viewer comes, to all of them when a policy changes, and to a person's when they come into a team or leave it.</summary>
internal sealed class PolicyWatch(IDataProtection protection, ViewerBook book, IEventLog events)
{
    // One at a time, so that an older answer never overwrites a newer one.
    private readonly SemaphoreSlim _asking = new(1, 1);

    public Task ApplyAsync(Viewer viewer, ViewerRelay relay, CancellationToken ct) => ApplyAsync(() => [(viewer, relay)], ct);

    public Task ApplyToAllAsync(CancellationToken ct) => ApplyAsync(() => [.. book.Here], ct);

    public Task ApplyToAsync(UserId user, CancellationToken ct) => ApplyAsync(() => [.. book.Here.Where(v => v.Viewer.Login.User == user)], ct);

    /// <summary>Tells viewers' pages that their buttons may no longer fit.</summary>
    public async Task TellAsync(IReadOnlyList<Viewer> viewers, CancellationToken ct)
    {
        if (viewers.Count > 0)
            await events.AppendAsync([.. viewers.Select(v => new ViewerPolicyChanged(v.Session, v.Id, v.Login.User))], ct);
    }

    /// <summary>Whether the page would show something else now. The first answer changes nothing: a page asks once it is connected.</summary>
    private static bool Changes(Viewer viewer, StreamPolicy? policy)
    {
        var (before, now) = (viewer.Shown, OpenViewer.PolicyOf(AccessLevel.Control, policy ?? StreamPolicy.Free));
        viewer.Shown = now;
        return before is not null && (before with { ClosedBy = now.ClosedBy } != now || !before.ClosedBy.SequenceEqual(now.ClosedBy, StringComparer.Ordinal));
    }

    private async Task ApplyAsync(Func<(Viewer Viewer, ViewerRelay Relay)[]> whom, CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            var streams = whom();
            if (streams.Length == 0)
                return;
            var policies = await protection.FindAsync([.. streams.Select(s => s.Viewer.Subject)], ct);
            var changed = new List<Viewer>();
            for (var i = 0; i < streams.Length; i++)
            {
                streams[i].Relay.ApplyPolicy(policies[i]);
                if (Changes(streams[i].Viewer, policies[i]))
                    changed.Add(streams[i].Viewer);
            }

            await TellAsync(changed, ct);
        }
        finally
        {
            _asking.Release();
        }
    }
}
