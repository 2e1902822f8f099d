namespace StreamSpace.Contracts.Dlp;

/// <summary>Decides what the rules say to one file, by its size, name, real type and the virus scanner. Answered by the Dlp module, asked by whoever moves files.</summary>
public interface IFileBorder
{
    /// <summary>How many leading bytes are enough to tell any type.</summary>
    const int HeadBytes = 64 * 1024;

    /// <summary>The type by leading bytes, whatever the name says: a MIME type; <c>application/octet-stream</c> when they tell nothing.</summary>
    string TypeOf(ReadOnlySpan<byte> head);

    /// <summary>What can be said before any byte was seen: whether files move at all, and the size. Null: nothing stands against it.</summary>
    FileFinding? CheckSize(FileRules rules, long bytes);

    /// <summary>Whether the real type, and the type that the name makes a program believe, may pass. Null: nothing stands against it.</summary>
    FileFinding? CheckType(FileRules rules, string name, string type);

    /// <summary>Gives the bytes to the virus scanner where the rules ask for it; waits for its answer. Null: clean, or not asked for.</summary>
    Task<FileFinding?> ScanAsync(FileRules rules, Stream content, CancellationToken ct);
}

/// <summary>Something stands against a file.</summary>
/// <param name="Outcome">Blocked; warned where the policy lets pass what could not be scanned.</param>
/// <param name="Reason">Which rule.</param>
/// <param name="By">The policy.</param>
/// <param name="Finding">What the scanner or the type's rule found; null where that means nothing.</param>
/// <param name="Why">For a person: what is wrong and what would help; never content.</param>
public sealed record FileFinding(IncidentOutcome Outcome, IncidentReason Reason, PolicyRef By, string? Finding, string Why);

/// <summary>What happens to a file that the virus scanner could not look at.</summary>
public enum UnscannedAction
{
    /// <summary>It does not pass.</summary>
    Block,

    /// <summary>It passes, and that is recorded as a warning. A scanner that was never set up blocks all the same.</summary>
    Warn,
}
