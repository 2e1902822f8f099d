namespace StreamSpace.Contracts.Dlp;

/// <summary>
/// What the data protection policies that apply say to one person about one session, every field decided and with the policy that decided it.
/// There is none where no policy applies.
/// </summary>
/// <param name="ClipboardIn">From the viewer into the session.</param>
/// <param name="ClipboardOut">From the session to the viewer.</param>
/// <param name="KeysPerSecond">Key presses that pass in a second; null for no limit.</param>
/// <param name="VisibleRegion">The part of the picture that may be pointed at; null for all of it.</param>
/// <param name="Watermark">What is drawn over the picture; null for nothing.</param>
/// <param name="Upload">Files into the session.</param>
/// <param name="Download">Files out of the session.</param>
/// <param name="Printing">Whether the picture may be printed from the browser.</param>
/// <param name="Audio">Whether its sound may be passed on.</param>
/// <param name="Microphone">Whether the person's microphone may be passed in.</param>
/// <param name="Screenshot">Whether the viewer offers pictures of the screen.</param>
/// <param name="KeysWarnAt">Key presses in a second above which they pass and are told of; null for no such limit. Left out: none.</param>
public sealed record StreamPolicy(
    ClipboardRules ClipboardIn, ClipboardRules ClipboardOut, Ruled<int?> KeysPerSecond, Ruled<VisibleRegion?> VisibleRegion, Ruled<Watermark?> Watermark,
    FileRules Upload, FileRules Download, Ruled<bool> Printing, Ruled<bool> Audio, Ruled<bool> Microphone, Ruled<bool> Screenshot, Ruled<int?>? KeysWarnAt = null)
{
    /// <summary>Nothing is restricted.</summary>
    public static StreamPolicy Free { get; } = new(
        ClipboardRules.Free, ClipboardRules.Free, new(null, null), new(null, null), new(null, null), FileRules.Free, FileRules.Free,
        new(true, null), new(true, null), new(true, null), new(true, null));
}

/// <summary>A value with the policy it came from.</summary>
/// <param name="Value">What counts.</param>
/// <param name="By">The policy that decided; null where none says anything.</param>
public sealed record Ruled<T>(T Value, PolicyRef? By);

/// <summary>Names a policy.</summary>
/// <param name="Id">The policy.</param>
/// <param name="Name">What administrators call it; people are told this name when it blocks something.</param>
/// <param name="Severity">How grave a violation of it is.</param>
/// <param name="NotifyAdmin">Whether administrators are told of its violations at once.</param>
public sealed record PolicyRef(DlpPolicyId Id, string Name, DlpSeverity Severity, bool NotifyAdmin = false);

/// <summary>How grave a violation is. The numbers are ordered.</summary>
public enum DlpSeverity
{
    /// <summary>For the record.</summary>
    Low,

    /// <summary>Worth a look.</summary>
    Medium,

    /// <summary>To be looked at soon.</summary>
    High,

    /// <summary>To be looked at now.</summary>
    Critical,
}

/// <summary>Which part of the picture counts, in percent of its width and height, so that it holds at any size.</summary>
/// <param name="X">Left edge, 0 to 99.</param>
/// <param name="Y">Upper edge, 0 to 99.</param>
/// <param name="Width">1 to 100.</param>
/// <param name="Height">1 to 100.</param>
public sealed record VisibleRegion(int X, int Y, int Width, int Height)
{
    /// <summary>Whether a point of a picture of that size lies inside.</summary>
    public bool Contains(int x, int y, int pictureWidth, int pictureHeight) =>
        100L * x >= (long)X * pictureWidth && 100L * x < (long)(X + Width) * pictureWidth && 100L * y >= (long)Y * pictureHeight && 100L * y < (long)(Y + Height) * pictureHeight;
}

/// <summary>What is drawn over the picture.</summary>
/// <param name="Text">May name {user}, {email}, {ip}, {time} and {session}; null where only the image is drawn.</param>
/// <param name="Image">A PNG or JPEG as a <c>data:</c> address; null where only the text is drawn.</param>
/// <param name="Opacity">0.05 (hardly seen) to 1.</param>
/// <param name="Position"><c>center</c>, <c>top</c>, <c>bottom</c>, <c>top_left</c>, <c>top_right</c>, <c>bottom_left</c> or <c>bottom_right</c>; means nothing when tiled.</param>
/// <param name="Tile">Whether it is repeated all over the picture.</param>
/// <param name="RefreshSeconds">How often {time} is filled in anew, in seconds.</param>
public sealed record Watermark(string? Text, string? Image, double Opacity, string Position, bool Tile, int RefreshSeconds);

/// <summary>What may be moved as files, in one direction.</summary>
/// <param name="Allowed">Whether files may be moved at all.</param>
/// <param name="MaxBytes">Largest file; null for no limit.</param>
/// <param name="AllowTypes">The only types that may be moved (<c>image/png</c>, <c>text/*</c>); null for any.</param>
/// <param name="DenyTypes">Types that may not be moved; all policies' together.</param>
/// <param name="Scan">Whether each file must be found clean by the virus scanner.</param>
/// <param name="Unscanned">What happens when the scanner could not look at it.</param>
public sealed record FileRules(
    Ruled<bool> Allowed, Ruled<long?> MaxBytes, Ruled<IReadOnlyList<string>?> AllowTypes, IReadOnlyList<Ruled<string>> DenyTypes, Ruled<bool> Scan,
    UnscannedAction Unscanned = UnscannedAction.Block)
{
    /// <summary>Nothing is restricted.</summary>
    public static FileRules Free { get; } = new(new(true, null), new(null, null), new(null, null), [], new(false, null));
}
