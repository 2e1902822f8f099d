using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>Tries rules on recorded clipboard operations, oldest first.</summary>
internal sealed class Trial(PolicyRules rules, ContentInspector inspector)
{
    private static readonly PolicyRef Itself = new(default, "", DlpSeverity.Low);
    private readonly Dictionary<(ViewerId?, DlpChannel), Queue<DateTimeOffset>> _passed = [];

    public List<(Incident Incident, IncidentReason Reason)> Blocked { get; } = [];

    public long Operations { get; private set; }

    public long Warned { get; private set; }

    public long Unknown { get; private set; }

    public void Try(Incident incident)
    {
        var section = incident.Channel == DlpChannel.ClipboardIn ? rules.ClipboardIn : rules.ClipboardOut;
        Operations += incident.Times;
        if (section is null)
            return;
        if (section.Allowed == false)
            Blocked.Add((incident, IncidentReason.NotAllowed));
        else if (section is { SizeAction: not ContentAction.Warn, MaxBytes: { } most } && incident.Bytes > most)
            Blocked.Add((incident, IncidentReason.Size));
        else if (section.MimeTypes is { } types && incident.Format.Length > 0 && !incident.Format.Split(',').All(f => types.Contains(f, StringComparer.Ordinal)))
            Blocked.Add((incident, IncidentReason.Format));
        else if (section is { RateAction: not ContentAction.Warn, PerMinute: { } rate } && IsTooOften(incident, rate))
            Blocked.Add((incident, IncidentReason.Rate));
        else
            Look(incident, section.Filters ?? [], IsUnusual(incident, section));
    }

    private bool IsUnusual(Incident incident, ClipboardSection section) =>
        (section.SizeAction == ContentAction.Warn && incident.Bytes > section.MaxBytes) || (section is { RateAction: ContentAction.Warn, PerMinute: { } rate } && IsTooOften(incident, rate));

    private void Look(Incident incident, IReadOnlyList<FilterSection> filters, bool warned)
    {
        var found = filters.Count == 0 ? null : incident.Content is { } text
            ? inspector.First([.. filters.Select(f => Evaluation.ToRule(f, Itself))], text)?.Rule.Action
            : filters.Where(f => f.Detector is { } d && Words.Of(d) == incident.Finding).Select(f => (ContentAction?)f.Action).Max();
        if (found == ContentAction.Block)
            Blocked.Add((incident, IncidentReason.Content));
        else if (warned || found == ContentAction.Warn)
            Warned += incident.Times;
        else if (filters.Count > 0 && incident.Content is null)
            Unknown += incident.Times;
    }

    private bool IsTooOften(Incident incident, int rate)
    {
        var key = (incident.ViewerId, incident.Channel);
        if (!_passed.TryGetValue(key, out var passed))
            _passed[key] = passed = new();
        while (passed.TryPeek(out var oldest) && incident.At - oldest >= TimeSpan.FromMinutes(1))
            passed.Dequeue();
        if (passed.Count >= rate)
            return true;
        passed.Enqueue(incident.At);
        return false;
    }
}
