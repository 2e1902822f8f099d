using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>What the rules say to one file. A denied type wins over an allowed one; the name counts beside the bytes, never instead of them.</summary>
internal sealed class FileBorder(ClamAv scanner) : IFileBorder
{
    public string TypeOf(ReadOnlySpan<byte> head) => Signatures.TypeOf(head);

    public FileFinding? CheckSize(FileRules rules, long bytes)
    {
        if (rules.Allowed is { Value: false, By: { } closer })
            return Block(IncidentReason.NotAllowed, closer, null, $"The policy “{closer.Name}” does not let files pass this way.");
        return rules.MaxBytes is { Value: { } most, By: { } by } && bytes > most
            ? Block(IncidentReason.Size, by, null, $"The policy “{by.Name}” lets files of at most {most} bytes pass.")
            : null;
    }

    public FileFinding? CheckType(FileRules rules, string name, string type)
    {
        string[] types = Signatures.ByName(name) is { } claimed && claimed != type ? [type, claimed] : [type];
        foreach (var seen in types)
        {
            if (rules.DenyTypes.FirstOrDefault(denied => Signatures.Matches(denied.Value, seen)) is { By: { } by })
                return Block(IncidentReason.Format, by, seen, $"The policy “{by.Name}” does not let files of this kind pass ({seen}).");
            if (rules.AllowTypes is { Value: { } allowed, By: { } only } && !allowed.Any(pattern => Signatures.Matches(pattern, seen)))
                return Block(IncidentReason.Format, only, seen, $"The policy “{only.Name}” lets only some kinds of files pass, and this is none of them ({seen}).");
        }

        return null;
    }

    public async Task<FileFinding?> ScanAsync(FileRules rules, Stream content, CancellationToken ct)
    {
        if (rules.Scan is not { Value: true, By: { } by })
            return null;
        if (!scanner.IsSet)
            return Block(IncidentReason.Unscanned, by, null, $"The policy “{by.Name}” wants every file scanned for viruses, and no scanner is set up. An administrator must set {ClamAvOptions.AddressSetting}.");
        var answer = await scanner.ScanAsync(content, ct);
        return answer.Outcome switch
        {
            ScanOutcome.Clean => null,
            ScanOutcome.Infected => Block(IncidentReason.Infected, by, answer.Text, $"The virus scanner found “{answer.Text}”. The file was not moved and not kept."),
            _ when rules.Unscanned == UnscannedAction.Warn => new(IncidentOutcome.Warned, IncidentReason.Unscanned, by, null, answer.Text),
            _ => Block(IncidentReason.Unscanned, by, null, $"The policy “{by.Name}” wants every file scanned for viruses, and the scanner could not: {answer.Text}"),
        };
    }

    private static FileFinding Block(IncidentReason reason, PolicyRef by, string? finding, string why) => new(IncidentOutcome.Blocked, reason, by, finding, why);
}
