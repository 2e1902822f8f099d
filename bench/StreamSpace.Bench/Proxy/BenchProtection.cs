using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Dlp;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// Two policies in force for everybody: one looks for card numbers and private keys in both directions of the clipboard and limits keys, the other one lets only
/// a part of the picture be pointed at. Texts are looked through by the server's own inspector; reports go nowhere, since there is no database.
/// </summary>
internal sealed class BenchProtection : IDataProtection
{
    private static readonly PolicyRef Secrets = new(DlpPolicyId.New(), "Secrets stay in", DlpSeverity.High);
    private static readonly PolicyRef Region = new(DlpPolicyId.New(), "The left part only", DlpSeverity.Medium);
    private static readonly ClipboardRules Clipboard = ClipboardRules.Free with
    {
        Content = [new("Payment card number", ContentDetector.PaymentCard, null, ContentAction.Block, Secrets), new("Private key", ContentDetector.PrivateKey, null, ContentAction.Block, Secrets)],
    };

    private readonly ContentInspector _inspector = new(Options.Create(new DlpOptions()));

    public StreamPolicy Policy { get; } = StreamPolicy.Free with
    {
        ClipboardIn = Clipboard, ClipboardOut = Clipboard, KeysPerSecond = new(50, Secrets), VisibleRegion = new(new VisibleRegion(0, 0, 75, 100), Region),
    };

    public Task<IReadOnlyList<StreamPolicy?>> FindAsync(IReadOnlyList<PolicySubject> subjects, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<StreamPolicy?>>([.. subjects.Select(_ => Policy)]);

    public ContentFinding? Inspect(IReadOnlyList<ContentRule> rules, string text) => _inspector.First(rules, text);

    public void Report(StreamIncident incident)
    {
    }
}
