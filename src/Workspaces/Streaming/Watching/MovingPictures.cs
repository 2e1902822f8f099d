using System.Numerics;
using StreamSpace.Contracts;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Watching;

/// <summary>
/// Tells which sessions show a moving picture to somebody. A look each second at what was sent to each viewer: a second counts when it carried
/// at least so many bytes, and a picture moves when four of five seconds counted over the whole time asked for. A clock, a blinking cursor
/// or a full repaint now and then stay below; a film or a scrolling log do not. Nothing is counted per frame.
/// </summary>
internal sealed class MovingPictures(int bytesPerSecond, TimeSpan sustained)
{
    private readonly int _seconds = Math.Clamp((int)sustained.TotalSeconds, 1, 64);
    private readonly Dictionary<Viewer, (long Sent, ulong Busy)> _seen = [];

    /// <summary>Looks at the viewers there are.</summary>
    /// <param name="viewers">All of this replica.</param>
    /// <param name="elapsed">Since the look before.</param>
    /// <returns>Sessions whose picture moves; each is named again only after the whole time anew.</returns>
    public IReadOnlyCollection<SessionId> Look(IReadOnlyCollection<Viewer> viewers, TimeSpan elapsed)
    {
        if (bytesPerSecond == 0)
            return [];
        HashSet<SessionId>? moving = null;
        var needed = ((_seconds * 4) + 4) / 5;
        var window = _seconds == 64 ? ulong.MaxValue : (1UL << _seconds) - 1;
        foreach (var viewer in viewers)
        {
            var known = _seen.TryGetValue(viewer, out var before);
            var sent = viewer.BytesOut;
            // The first look only begins the account: what was sent until then is the whole picture, not movement.
            var counts = known && (sent - before.Sent) >= bytesPerSecond * Math.Max(1, elapsed.TotalSeconds);
            var busy = ((before.Busy << 1) | (counts ? 1UL : 0)) & window;
            if (BitOperations.PopCount(busy) >= needed)
            {
                (moving ??= []).Add(viewer.Session);
                busy = 0;
            }

            _seen[viewer] = (sent, busy);
        }

        if (_seen.Count > viewers.Count)
        {
            foreach (var gone in _seen.Keys.Except(viewers).ToArray())
                _seen.Remove(gone);
        }

        return moving ?? (IReadOnlyCollection<SessionId>)[];
    }
}
