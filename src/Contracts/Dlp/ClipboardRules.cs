namespace StreamSpace.Contracts.Dlp;

/// <summary>What may pass by the clipboard, in one direction.</summary>
/// <param name="Allowed">Whether anything passes.</param>
/// <param name="MaxBytes">Most bytes of one operation, unpacked; null for what the protocol's limits allow.</param>
/// <param name="PerMinute">Operations in a minute; null for no limit.</param>
/// <param name="Content">What is looked for in texts; all policies' rules together.</param>
/// <param name="MimeTypes">Types of the extended clipboard that pass (<c>text/plain</c>, <c>text/html</c>, <c>text/rtf</c>, <c>image/bmp</c>); null for all.</param>
/// <param name="Audit">What is remembered of operations that pass.</param>
/// <param name="WarnBytes">Bytes above which an operation passes and is told of; null for no such limit. Left out: none.</param>
/// <param name="WarnPerMinute">Operations in a minute above which they pass and are told of; null for no such limit. Left out: none.</param>
public sealed record ClipboardRules(
    Ruled<bool> Allowed, Ruled<int?> MaxBytes, Ruled<int?> PerMinute, IReadOnlyList<ContentRule> Content, Ruled<IReadOnlyList<string>?> MimeTypes, Ruled<ClipboardAudit> Audit,
    Ruled<int?>? WarnBytes = null, Ruled<int?>? WarnPerMinute = null)
{
    /// <summary>Nothing is restricted.</summary>
    public static ClipboardRules Free { get; } = new(new(true, null), new(null, null), new(null, null), [], new(null, null), new(ClipboardAudit.None, null));

    /// <summary>True when nothing needs to be looked at.</summary>
    public bool IsFree => Allowed.Value && MaxBytes.Value is null && PerMinute.Value is null && Content.Count == 0 && MimeTypes.Value is null && Audit.Value == ClipboardAudit.None
        && WarnBytes?.Value is null && WarnPerMinute?.Value is null;
}

/// <summary>What is remembered of clipboard operations that pass. The numbers are ordered.</summary>
public enum ClipboardAudit
{
    /// <summary>Nothing. Blocks and warnings are always remembered, without content.</summary>
    None,

    /// <summary>That it happened: who, when, which way, how much, which type.</summary>
    Metadata,

    /// <summary>The first thousand characters of the text too, also of what was blocked.</summary>
    Content,
}

/// <summary>One thing that is looked for in a text.</summary>
/// <param name="Name">What people are told was found.</param>
/// <param name="Detector">A built-in detector; null for a pattern.</param>
/// <param name="Pattern">A regular expression; null for a detector.</param>
/// <param name="Action">What happens when it is found.</param>
/// <param name="By">The policy that asks for it.</param>
public sealed record ContentRule(string Name, ContentDetector? Detector, string? Pattern, ContentAction Action, PolicyRef By);

/// <summary>What happens when something is found in a text.</summary>
public enum ContentAction
{
    /// <summary>It passes, and the person and the record are told.</summary>
    Warn,

    /// <summary>It does not pass.</summary>
    Block,
}

/// <summary>What can be found without writing a pattern.</summary>
public enum ContentDetector
{
    /// <summary>Numbers of payment cards: issuer ranges, length and Luhn's check digit.</summary>
    PaymentCard,

    /// <summary>International bank account numbers: country, length and the remainder by 97.</summary>
    Iban,

    /// <summary>E-mail addresses.</summary>
    Email,

    /// <summary>Private keys in PEM, OpenSSH or PuTTY form.</summary>
    PrivateKey,

    /// <summary>Passwords and tokens of services, by their known shapes and by name.</summary>
    Secret,
}
