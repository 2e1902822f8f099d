using StreamSpace.Contracts.Dlp;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Messages;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Protection;

/// <summary>
/// Enforces data protection on one viewer's stream: (1) is this way open, (2) can it be read, (3) formats, (4) size, (5) how often, (6) what is in it;
/// whatever does not pass is reported, whatever passes is where the policy wants it remembered. Counters outlive a change of policy.
/// </summary>
internal sealed class StreamGuard(Viewer viewer, IDataProtection protection, TimeProvider clock)
{
    private readonly IncidentBook _incidents = new(viewer, protection, clock);
    private readonly Pace _in = new(clock, TimeSpan.FromMinutes(1));
    private readonly Pace _out = new(clock, TimeSpan.FromMinutes(1));
    private readonly Pace _keys = new(clock, TimeSpan.FromSeconds(1));
    private readonly Pace _inTold = new(clock, TimeSpan.FromMinutes(1));
    private readonly Pace _outTold = new(clock, TimeSpan.FromMinutes(1));
    private readonly Pace _keysTold = new(clock, TimeSpan.FromSeconds(1));
    private volatile StreamPolicy? _policy;

    /// <summary>What counts now; null for nothing.</summary>
    public StreamPolicy? Policy { get => _policy; set => _policy = value; }

    /// <summary>The gate for one direction; null when there is nothing to look at, so that nothing is looked at.</summary>
    public CutTextGate? GateFor(DlpChannel channel)
    {
        if (RulesFor(channel) is not { IsFree: false } rules)
            return null;
        return new(Bound(rules) + CutTextReader.HeaderLength, message => Judge(channel, message), length => TooLong(channel, length));
    }

    /// <summary>Whether one more key may go down.</summary>
    public bool MayPress()
    {
        if (_policy?.KeysPerSecond is not { Value: { } most, By: { } by } || _keys.Take(most))
        {
            if (_policy?.KeysWarnAt is { Value: { } usual, By: { } asks } && !_keysTold.Take(usual))
                _incidents.Add(new(IncidentOutcome.Warned, DlpChannel.Keyboard, IncidentReason.Rate, asks));
            return true;
        }

        _incidents.Add(new(IncidentOutcome.Blocked, DlpChannel.Keyboard, IncidentReason.Rate, by));
        return false;
    }

    /// <summary>The pointer was held back outside the visible region.</summary>
    public void PointedOutside()
    {
        if (_policy?.VisibleRegion.By is { } by)
            _incidents.Add(new(IncidentOutcome.Blocked, DlpChannel.Pointer, IncidentReason.Region, by));
    }

    /// <summary>The part of a picture that may be pointed at; null for all of it.</summary>
    public PointerArea? AreaOf(int width, int height) => _policy?.VisibleRegion.Value is { } region
        ? new(Part(width, region.X), Part(height, region.Y), Part(width, region.X + region.Width), Part(height, region.Y + region.Height))
        : null;

    /// <summary>The watermark does not stand, and the stream ends for it. However mild the policy's other rules are, this is grave.</summary>
    public void Unmarked(IncidentReason reason, string? how, PolicyRef by) =>
        _incidents.Add(new(IncidentOutcome.Blocked, DlpChannel.Watermark, reason, by with { Severity = by.Severity < DlpSeverity.High ? DlpSeverity.High : by.Severity }, Finding: how));

    /// <summary>The viewer is over: what was counted and not yet told is told.</summary>
    public void Close() => _incidents.Flush();

    private static int Part(int side, int percent) => (int)(((long)side * percent) + 99) / 100;

    private ClipboardRules? RulesFor(DlpChannel channel) => channel == DlpChannel.ClipboardIn ? _policy?.ClipboardIn : _policy?.ClipboardOut;

    /// <summary>What is looked at, packed or unpacked: a message carries a few bytes more than its content, and compression may even add some.</summary>
    private static int Bound(ClipboardRules rules) =>
        rules.MaxBytes.Value is { } bytes ? Math.Min(Math.Max(bytes, 4096) + 1024, RfbLimits.Default.CutText) : RfbLimits.Default.CutText;

    private void TooLong(DlpChannel channel, long length)
    {
        if (RulesFor(channel) is not { } rules)
            return;
        var (reason, by) = rules.Allowed.Value ? (IncidentReason.Size, rules.MaxBytes.By ?? Somebody(rules)) : (IncidentReason.NotAllowed, rules.Allowed.By);
        if (by is not null)
            _incidents.Add(new(IncidentOutcome.Blocked, channel, reason, by, length - CutTextReader.HeaderLength));
    }

    private CutTextVerdict Judge(DlpChannel channel, ReadOnlySpan<byte> message)
    {
        if (RulesFor(channel) is not { IsFree: false } rules)
            return CutTextVerdict.Passes; // opened up while the message was on its way
        if (!CutTextReader.TryRead(message, RfbLimits.Default with { CutText = Bound(rules) }, out var cut, out var error))
        {
            var reason = !rules.Allowed.Value ? IncidentReason.NotAllowed : error.Fault == RfbFault.TooLong ? IncidentReason.Size : IncidentReason.Unreadable;
            return Block(channel, cut, new(IncidentOutcome.Blocked, channel, reason, By(rules, reason), Math.Max(message.Length - CutTextReader.HeaderLength, error.Fault == RfbFault.TooLong ? error.Value : 0)));
        }

        return cut.Kind switch
        {
            CutTextKind.Classic or CutTextKind.Provide => Content(channel, rules, cut),
            // Telling that there is something is the beginning of giving it away; telling that there is nothing is not.
            CutTextKind.Notify when !rules.Allowed.Value && cut.Formats != ClipboardFormats.None =>
                Block(channel, cut, new(IncidentOutcome.Blocked, channel, IncidentReason.NotAllowed, By(rules, IncidentReason.NotAllowed))),
            _ => CutTextVerdict.Passes,
        };
    }

    private CutTextVerdict Content(DlpChannel channel, ClipboardRules rules, CutText cut)
    {
        var formats = FormatsOf(cut);
        long bytes = cut.Kind == CutTextKind.Classic ? cut.Latin1.Length : cut.Parts.Sum(p => (long)p.Size - (p.Format == ClipboardFormats.Text && p.Content.Span is [.., 0] ? 1 : 0));
        var text = rules.Content.Count > 0 || rules.Audit.Value == ClipboardAudit.Content ? ClipboardTexts.Of(cut) : null;
        var kept = rules.Audit.Value == ClipboardAudit.Content ? text : null;
        var reason = !rules.Allowed.Value ? IncidentReason.NotAllowed
            : rules.MimeTypes.Value is { } types && !formats.All(f => types.Contains(f, StringComparer.Ordinal)) ? IncidentReason.Format
            : rules.MaxBytes.Value is { } most && bytes > most ? IncidentReason.Size
            : rules.PerMinute.Value is { } rate && bytes > 0 && !(channel == DlpChannel.ClipboardIn ? _in : _out).Take(rate) ? IncidentReason.Rate
            : IncidentReason.Audited;
        var told = new Told(IncidentOutcome.Blocked, channel, reason, By(rules, reason), bytes, string.Join(',', formats), null, 0, kept);
        if (reason != IncidentReason.Audited)
            return Block(channel, cut, told);
        var found = rules.Content.Count > 0 && text is { Length: > 0 } ? protection.Inspect(rules.Content, text) : null;
        if (found is not null)
            told = told with { Reason = IncidentReason.Content, By = found.Rule.By, Finding = found.Rule.Name, Matches = found.Matches };
        if (found is { Rule.Action: ContentAction.Block })
            return Block(channel, cut, told);
        var (pressing, asks) = Warning(channel, rules, bytes);
        if (found is not null)
            _incidents.Add(told with { Outcome = IncidentOutcome.Warned });
        else if (asks is not null)
            _incidents.Add(told with { Outcome = IncidentOutcome.Warned, Reason = pressing, By = asks });
        else if (rules.Audit is { Value: > ClipboardAudit.None, By: not null } && bytes > 0)
            _incidents.Add(told with { Outcome = IncidentOutcome.Allowed });
        return CutTextVerdict.Passes;
    }

    /// <summary>What passes and is told of all the same, for its size or pace.</summary>
    private (IncidentReason Reason, PolicyRef? By) Warning(DlpChannel channel, ClipboardRules rules, long bytes)
    {
        // Counted also when the size is told: an operation is an operation.
        var often = rules.WarnPerMinute?.Value is { } rate && bytes > 0 && !(channel == DlpChannel.ClipboardIn ? _inTold : _outTold).Take(rate);
        return rules.WarnBytes?.Value is { } most && bytes > most ? (IncidentReason.Size, rules.WarnBytes.By) : often ? (IncidentReason.Rate, rules.WarnPerMinute!.By) : (IncidentReason.Audited, null);
    }

    /// <summary>A session that asked for the viewer's clipboard waits for an answer, which is then an empty text; everything else is simply not sent.</summary>
    private CutTextVerdict Block(DlpChannel channel, CutText cut, Told told)
    {
        _incidents.Add(told);
        return channel == DlpChannel.ClipboardIn && cut.Kind == CutTextKind.Provide ? new(false, CutTextWriter.Provide(ClientMessageType.ClientCutText, "")) : CutTextVerdict.CutOut;
    }

    private static PolicyRef By(ClipboardRules rules, IncidentReason reason) => (reason switch
    {
        IncidentReason.NotAllowed => rules.Allowed.By,
        IncidentReason.Size => rules.MaxBytes.By,
        IncidentReason.Rate => rules.PerMinute.By,
        IncidentReason.Format => rules.MimeTypes.By,
        IncidentReason.Audited => rules.Audit.By,
        _ => null,
    } ?? Somebody(rules))!;

    /// <summary>Rules that are not free were made so by somebody.</summary>
    private static PolicyRef? Somebody(ClipboardRules rules) =>
        rules.Content.Count > 0 ? rules.Content[0].By : rules.MaxBytes.By ?? rules.PerMinute.By ?? rules.MimeTypes.By ?? rules.Allowed.By ?? rules.Audit.By ?? rules.WarnBytes?.By ?? rules.WarnPerMinute?.By;

    private static string[] FormatsOf(CutText cut) => cut.Kind == CutTextKind.Classic ? ["text/plain"] : [.. cut.Parts.Select(p => p.Format switch
    {
        ClipboardFormats.Text => "text/plain",
        ClipboardFormats.Rtf => "text/rtf",
        ClipboardFormats.Html => "text/html",
        ClipboardFormats.Dib => "image/bmp",
        ClipboardFormats.Files => "application/x-files",
        _ => "application/octet-stream",
    })];
}
