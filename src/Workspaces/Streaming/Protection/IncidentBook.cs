using StreamSpace.Contracts.Dlp;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Protection;

/// <summary>One thing that happened on a stream.</summary>
internal sealed record Told(
    IncidentOutcome Outcome, DlpChannel Channel, IncidentReason Reason, PolicyRef By, long Bytes = 0, string Format = "", string? Finding = null, int Matches = 0, string? Content = null);

/// <summary>
/// Tells what happened on one viewer's stream, one by one as long as that is reasonable: a viewer that tries a thousand times a second is told as one
/// report that says how often. Both directions write here.
/// </summary>
internal sealed class IncidentBook(Viewer viewer, IDataProtection protection, TimeProvider clock)
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(10);
    private const int ClipboardInStretch = 20;
    private const int InputInStretch = 1;
    private readonly Lock _lock = new();
    private readonly Dictionary<(IncidentOutcome, DlpChannel, IncidentReason), Line> _lines = [];

    public void Add(Told told)
    {
        int times;
        lock (_lock)
        {
            var key = (told.Outcome, told.Channel, told.Reason);
            if (!_lines.TryGetValue(key, out var line))
                _lines[key] = line = new(new(clock, Stretch));
            line.Untold++;
            line.Last = told;
            if (!line.Pace.Take(told.Channel is DlpChannel.Keyboard or DlpChannel.Pointer ? InputInStretch : ClipboardInStretch))
                return;
            times = line.Untold;
            line.Untold = 0;
        }

        Report(told, times);
    }

    /// <summary>Tells what was counted since the last report.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            foreach (var line in _lines.Values)
            {
                if (line.Untold > 0)
                    Report(line.Last!, line.Untold);
                line.Untold = 0;
            }
        }
    }

    private void Report(Told told, int times) => protection.Report(new(
        told.Outcome, told.Channel, told.Reason, told.By, viewer.Session, viewer.Owner, viewer.Login.User, viewer.Login.Username, viewer.Id, clock.GetUtcNow(),
        told.Bytes, told.Format, told.Finding, told.Matches, times, told.Content, viewer.Subject.Template));

    private sealed class Line(Pace pace)
    {
        public Pace Pace => pace;

        public int Untold;

        public Told? Last;
    }
}
